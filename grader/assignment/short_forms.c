#include "grader/assignment/short_forms.h"

#include <stddef.h>

/* In the order of the schema. */
const struct yaml_short_form assignment_short_forms[] = {
    {"environment", YAML_SHORT_NAMED, "value"},
    {"files", YAML_SHORT_NAMED, "text"},
    {"writable", YAML_SHORT_ONE, NULL},
    {"type", YAML_SHORT_ONE, NULL},
    {"beside.*.files", YAML_SHORT_NAMED, "text"},
    {"beside.*.writable", YAML_SHORT_ONE, NULL},
    {"programs", YAML_SHORT_NAMED, NULL},
    {"programs.*.entry", YAML_SHORT_ONE, NULL},
    {"programs.*.environment", YAML_SHORT_NAMED, "value"},
    {"matrix", YAML_SHORT_NAMED, NULL},
    {"matrix.*.programs", YAML_SHORT_NAMED, NULL},
    {"matrix.*.programs.*.environment", YAML_SHORT_NAMED, "value"},
    {"matrix.*.environment", YAML_SHORT_NAMED, "value"},
    {"checks.*.environment", YAML_SHORT_NAMED, "value"},
    {"checks.*.programs", YAML_SHORT_NAMED, NULL},
    {"checks.*.programs.*.environment", YAML_SHORT_NAMED, "value"},
    {"checks.*.steps.*.type", YAML_SHORT_ONE, NULL},
    {"checks.*.in", YAML_SHORT_ONE, NULL},
    {.place = NULL},
};
