/* Names and a number for each, found without looking at all of them: documents come from outside,
 * and may name anything many times. */
#ifndef TEXT_NAME_INDEX_H
#define TEXT_NAME_INDEX_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* All zero: empty. */
struct name_index {
    json_t *numbers;
};

/* False if the name is there already; then it keeps its number. */
bool name_index_add(struct name_index *index, const char *name, size_t number);

/* The number of a name, or SIZE_MAX, as for NULL. */
size_t name_index_find(const struct name_index *index, const char *name);

void name_index_release(struct name_index *index);

#endif
