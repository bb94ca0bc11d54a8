#include "text/json_field.h"

#include <string.h>

static bool is_word(const json_t *value, const char *word)
{
    return json_is_string(value) && strcmp(json_string_value(value), word) == 0;
}

const char *field_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

double field_number(const json_t *object, const char *key, double otherwise)
{
    return value_number(json_object_get(object, key), otherwise);
}

bool field_is_word(const json_t *object, const char *key, const char *word)
{
    return is_word(json_object_get(object, key), word);
}

double value_number(const json_t *value, double otherwise)
{
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

bool list_has_word(const json_t *list, const char *word)
{
    list_each (value, list)
        if (is_word(value, word))
            return true;
    return false;
}
