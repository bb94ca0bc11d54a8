/* What may be written shorter in an assignment than the schema has it. */
#ifndef GRADER_ASSIGNMENT_SHORT_FORMS_H
#define GRADER_ASSIGNMENT_SHORT_FORMS_H

#include "text/yaml_short.h"

extern const struct yaml_short_form assignment_short_forms[];

#endif
