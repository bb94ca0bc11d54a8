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

/* Of this submission among the first `end` documents. */
static size_t count_occurrences(const json_t *grades, size_t end, const json_t *submission)
{
    size_t count = 0;
    for (size_t i = 0; i < end; i++) {
        struct graded other;
        graded_read(&other, json_array_get(grades, i), AUDIENCE_STAFF);
        bool have_none = !graded_has_text(other.submission) && !graded_has_text(submission);
        count += have_none || json_equal(other.submission, submission) != 0;
    }
    return count;
}

void gradebook_render(const struct gradebook *gradebook, const json_t *grades, struct bytes *out)
{
    size_t i = 0;
    const json_t *grade = NULL;
    assert(gradebook->takes_many || json_array_size(grades) == 1);
    if (gradebook->begin != NULL)
        gradebook->begin(grades, out);
    json_array_foreach (grades, i, grade) {
        struct graded graded;
        graded_read(&graded, grade, gradebook->audience);
        graded.occurrence = 1 + count_occurrences(grades, i, graded.submission);
        gradebook->render(&graded, out);
    }
    bytes_print(out, "%s", gradebook->end != NULL ? gradebook->end : "");
}
