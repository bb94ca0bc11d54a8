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

void gradebook_render(const struct gradebook *gradebook, const json_t *grades, struct bytes *out)
{
    if (gradebook->render_many != NULL) {
        gradebook->render_many(grades, out);
        return;
    }
    struct graded graded;
    assert(json_array_size(grades) == 1);
    graded_read(&graded, json_array_get(grades, 0), gradebook->audience);
    gradebook->render(&graded, out);
}
