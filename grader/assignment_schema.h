/* The shape of an assignment's file, for libcyaml; and the words that stand in one, for whoever has
 * mistyped one of them. */
#ifndef GRADER_ASSIGNMENT_SCHEMA_H
#define GRADER_ASSIGNMENT_SCHEMA_H

#include <cyaml/cyaml.h>

extern const cyaml_schema_value_t assignment_schema;

/* The known word most like this one: a key, or one of the words that a value may be; NULL if none
 * is much like it. */
const char *assignment_schema_nearest(const char *word);

/* Of two words, how many letters have to be changed, put in or left out; more than `most`: much. */
unsigned word_distance(const char *one, const char *other, unsigned most);

#endif
