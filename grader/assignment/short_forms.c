#include "grader/assignment/short_forms.h"

#include <stddef.h>

/* In the order of the schema. */
const struct yaml_short_form assignment_short_forms[] = {
    {"type", YAML_SHORT_ONE, NULL},
    {.place = NULL},
};
