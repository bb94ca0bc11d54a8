/* Fields of a JSON document: each may be missing, or of another kind than it should be. In all of
 * these `object` may be NULL, or no object at all. */
#ifndef GRADER_GRADEBOOK_FIELD_H
#define GRADER_GRADEBOOK_FIELD_H

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

/* The text of a member, or NULL if it has none. The object keeps it. */
static inline const char *field_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* The number of a member, or `otherwise`. */
static inline double field_number(const json_t *object, const char *key, double otherwise)
{
    const json_t *number = json_object_get(object, key);
    return json_is_number(number) ? json_number_value(number) : otherwise;
}

/* Is this member this word? */
static inline bool field_is_word(const json_t *object, const char *key, const char *word)
{
    const char *text = field_text(object, key);
    return text != NULL && strcmp(text, word) == 0;
}

#endif
