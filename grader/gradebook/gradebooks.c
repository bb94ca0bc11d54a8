#include "grader/gradebook/gradebooks.h"

#include <assert.h>
#include <string.h>

const struct gradebook *const gradebooks[] = {
    &gradebook_text,
    &gradebook_html,
    &gradebook_gradescope,
    &gradebook_junit,
    &gradebook_tap,
    &gradebook_moodle,
    &gradebook_moodle_rest,
    &gradebook_classroom,
    &gradebook_classroom50,
    &gradebook_github,
    &gradebook_github_summary,
    &gradebook_prairielearn,
    &gradebook_vpl,
    &gradebook_autolab,
    NULL,
};

const struct gradebook *gradebook_find(const char *name)
{
    for (size_t i = 0; gradebooks[i] != NULL; i++)
        if (strcmp(gradebooks[i]->name, name) == 0)
            return gradebooks[i];
    return NULL;
}

/* How often the id of this submission has come, with this time. */
static size_t count_occurrence(json_t *occurrences, const json_t *submission)
{
    const char *id = graded_has_text(submission) ? json_string_value(submission) : "";
    json_t *count = json_object_get(occurrences, id);
    if (count == NULL)
        json_object_set_new(occurrences, id, json_integer(1));
    else
        json_integer_set(count, json_integer_value(count) + 1);
    return count == NULL ? 1 : (size_t)json_integer_value(count);
}

void gradebook_render(const struct gradebook *gradebook, const json_t *grades, struct bytes *out)
{
    size_t i = 0;
    const json_t *grade = NULL;
    json_t *occurrences = json_object();
    assert(gradebook->takes_many || json_array_size(grades) == 1);
    if (gradebook->begin != NULL)
        gradebook->begin(grades, out);
    json_array_foreach (grades, i, grade) {
        struct graded graded;
        graded_read(&graded, grade, gradebook->audience);
        graded.occurrence = count_occurrence(occurrences, graded.submission);
        gradebook->render(&graded, out);
    }
    json_decref(occurrences);
    bytes_print(out, "%s", gradebook->end != NULL ? gradebook->end : "");
}
