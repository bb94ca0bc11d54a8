/* A table of participants is read, or refused with a sentence; nobody gets two submissions, and
 * each submission has an owner or a reason. */
#include "tests/fuzz/fuzz.h"

#include "grader/class/participants.h"
#include "text/json_field.h"

#include <stdbool.h>
#include <string.h>

/* Named as Moodle and as students name them; the last two as words of the table do. */
static json_t *make_grades(const char *text, size_t count)
{
    static const char *const ids[] = {
        "alice", "Ann Lee_4711_assignsubmission_file", "ann.lee", "4711", "alice", ""};
    json_t *grades = json_array();
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        json_array_append_new(grades, json_pack("{s:{s:s}}", "submission", "id", ids[i]));
    for (size_t i = 0; i < count && json_array_size(grades) < 40;) {
        size_t length = 0;
        while (i + length < count && memchr(",;\n\"", text[i + length], 5) == NULL)
            length++;
        json_t *id = json_stringn(text + i, length);
        json_array_append_new(grades, json_pack("{s:{s:o*}}", "submission", "id", id));
        i += length + 1;
    }
    json_array_append_new(grades, json_pack("{s:{}}", "submission"));
    return grades;
}

static void expect_owners(const json_t *grades)
{
    json_t *taken = json_object();
    size_t i = 0;
    const json_t *grade = NULL;
    json_array_foreach (grades, i, grade) {
        const json_t *submission = json_object_get(grade, "submission");
        const char *owner = field_text(json_object_get(submission, "participant"), "value");
        bool has_reason = field_text(submission, "not_imported") != NULL;
        fuzz_expect((owner != NULL) != has_reason, "it has an owner or a reason");
        if (owner == NULL)
            continue;
        fuzz_expect(json_object_get(taken, owner) == NULL, "nobody has two submissions");
        json_object_set_new(taken, owner, json_true());
    }
    json_decref(taken);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct participants *participants = NULL;
    char *trouble = NULL;
    const char *text = (const char *)data;
    if (participants_parse(text, size, "input.csv", &participants, &trouble) < 0) {
        fuzz_expect_sentence(trouble);
        return 0;
    }
    json_t *grades = make_grades(text, size);
    participants_assign(participants, grades);
    expect_owners(grades);
    json_decref(grades);
    participants_free(participants);
    return 0;
}
