#include "text/name_index.h"

#include <stdint.h>

bool name_index_add(struct name_index *index, const char *name, size_t number)
{
    if (index->numbers == NULL)
        index->numbers = json_object();
    if (json_object_get(index->numbers, name) != NULL)
        return false;
    json_object_set_new_nocheck(index->numbers, name, json_integer((json_int_t)number));
    return true;
}

size_t name_index_find(const struct name_index *index, const char *name)
{
    const json_t *number = name != NULL ? json_object_get(index->numbers, name) : NULL;
    return number != NULL ? (size_t)json_integer_value(number) : SIZE_MAX;
}

void name_index_release(struct name_index *index)
{
    json_decref(index->numbers);
    *index = (struct name_index){0};
}
