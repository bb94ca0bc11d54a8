#include "grader/assignment/short_forms.h"

#include <stddef.h>

/* In the order of the schema. */
const struct yaml_short_form assignment_short_forms[] = {
    {"type", YAML_SHORT_ONE, NULL},
    {"protocol.ask", YAML_SHORT_TEXT, "text"},
    {"protocol.ask.headers", YAML_SHORT_NAMED, "value"},
    {"protocol.answer", YAML_SHORT_TEXT, "text"},
    {"protocol.answer.headers", YAML_SHORT_NAMED, "value"},
    {"protocol.answer.body-pattern", YAML_SHORT_ONE, NULL},
    {"protocol.large", YAML_SHORT_TEXT, "text"},
    {"protocol.large.headers", YAML_SHORT_NAMED, "value"},
    {"protocol.greeting.*.expect-line-pattern", YAML_SHORT_ONE, NULL},
    {"checks.*.steps.*.clients", YAML_SHORT_ONE, NULL},
    {"checks.*.steps.*.clients", YAML_SHORT_RANGES, NULL},
    {"checks.*.steps.*.send", YAML_SHORT_TEXT, "text"},
    {"checks.*.steps.*.expect-pattern", YAML_SHORT_ONE, NULL},
    {"checks.*.steps.*.expect-line-pattern", YAML_SHORT_ONE, NULL},
    {"checks.*.steps.*.headers", YAML_SHORT_NAMED, "value"},
    {"checks.*.steps.*.body-pattern", YAML_SHORT_ONE, NULL},
    {.place = NULL},
};
