/* Fields of a JSON document that others have written: each may be missing, or of another kind than
 * it should be. In all of these `object` may be NULL, or no object at all. */
#ifndef TEXT_JSON_FIELD_H
#define TEXT_JSON_FIELD_H

#include <jansson.h>
#include <stdbool.h>

/* The text of a member, or NULL if it has none. The object keeps it. */
const char *field_text(const json_t *object, const char *key);

/* The number of a member, or `otherwise`. */
double field_number(const json_t *object, const char *key, double otherwise);

/* Is this member this word? */
bool field_is_word(const json_t *object, const char *key, const char *word);

/* The same of a value, such as an element of an array. */
double value_number(const json_t *value, double otherwise);
bool value_is_word(const json_t *value, const char *word);

/* Does a list hold this word? */
bool list_has_word(const json_t *list, const char *word);

#endif
