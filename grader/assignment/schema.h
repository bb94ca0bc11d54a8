/* The shape of an assignment's file, for libcyaml. */
#ifndef GRADER_ASSIGNMENT_SCHEMA_H
#define GRADER_ASSIGNMENT_SCHEMA_H

#include <cyaml/cyaml.h>

extern const cyaml_schema_value_t assignment_schema;

#endif
