#include "grader/gradebook/gradebook.h"

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
