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

/* The number that a value is, such as an element of a list, or `otherwise`. */
double value_number(const json_t *value, double otherwise);

/* Runs the statement after it for each `value` of a list, which NULL and what is no list have none
 * of; `break` and `continue` do what they do in any loop. */
/* NOLINTBEGIN(bugprone-macro-parentheses): names that are declared take none. */
#define list_each(value, list)                                                                     \
    for (size_t value##_index = 0, value##_stops = 0;                                              \
         value##_stops == 0 && value##_index < json_array_size(list); value##_index++)             \
        for (const json_t *value = (value##_stops = 1, json_array_get(list, value##_index));       \
             value##_stops == 1; value##_stops = 0)
/* NOLINTEND(bugprone-macro-parentheses) */

/* Does a list hold this word? */
bool list_has_word(const json_t *list, const char *word);

#endif
