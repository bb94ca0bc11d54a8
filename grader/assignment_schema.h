/* The shape of an assignment's file, for libcyaml; and the words that stand in one, for whoever has
 * mistyped one of them. */
#ifndef GRADER_ASSIGNMENT_SCHEMA_H
#define GRADER_ASSIGNMENT_SCHEMA_H

#include <cyaml/cyaml.h>

extern const cyaml_schema_value_t assignment_schema;

/* Of the keys of a mapping, or of the words of an enumeration, the one most like this word; NULL if
 * none is much like it. */
const char *assignment_schema_nearest_key(const cyaml_schema_value_t *mapping, const char *word);
const char *assignment_schema_nearest_word(const cyaml_schema_value_t *words, const char *word);

/* Of two words, how many letters have to be changed, put in or left out; more than `most`: much. */
unsigned word_distance(const char *one, const char *other, unsigned most);

#endif
