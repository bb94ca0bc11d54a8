#include "grader/assignment/short_forms.h"

#include <stddef.h>

/* In the order of the schema. */
const struct yaml_short_form assignment_short_forms[] = {
    {"environment", YAML_SHORT_NAMED, "value"},
    {"files", YAML_SHORT_NAMED, "text"},
    {"writable", YAML_SHORT_ONE, NULL},
    {"type", YAML_SHORT_ONE, NULL},
    {"matrix", YAML_SHORT_NAMED, NULL},
    {"matrix.*.environment", YAML_SHORT_NAMED, "value"},
    {"checks.*.environment", YAML_SHORT_NAMED, "value"},
    {"checks.*.in", YAML_SHORT_ONE, NULL},
    {.place = NULL},
};
