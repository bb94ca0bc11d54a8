#include "grader/protocols/placeholder.h"

#include <ctype.h>
#include <string.h>

bool placeholder_find(const char *text, struct placeholder *placeholder)
{
    for (const char *brace = strchr(text, '{'); brace != NULL; brace = strchr(brace + 1, '{')) {
        const char *inside = brace + 1;
        size_t length = strcspn(inside, "{}\n");
        bool is_computed = inside[0] == '=';
        if ((!isalpha((unsigned char)inside[0]) && !is_computed) || inside[length] != '}')
            continue;
        size_t kind = is_computed ? 1 : strcspn(inside, ":}");
        size_t before_name = !is_computed && kind < length ? kind + 1 : kind;
        *placeholder = (struct placeholder){.begin = brace,
                                            .length = length + 2,
                                            .kind = inside,
                                            .kind_length = kind,
                                            .name = inside + before_name,
                                            .name_length = length - before_name};
        return true;
    }
    return false;
}

static bool is_word(const char *letters, size_t count, const char *word)
{
    return strlen(word) == count && memcmp(letters, word, count) == 0;
}

bool placeholder_is(const struct placeholder *placeholder, const char *kind)
{
    return is_word(placeholder->kind, placeholder->kind_length, kind);
}

bool placeholder_is_named(const struct placeholder *placeholder, const char *name)
{
    return is_word(placeholder->name, placeholder->name_length, name);
}

bool placeholder_is_hex(const struct placeholder *placeholder)
{
    size_t digits = strspn(placeholder->name, "0123456789abcdefABCDEF");
    return placeholder_is(placeholder, "hex") && digits > 0 && digits % 2 == 0 &&
           digits == placeholder->name_length;
}

static unsigned digit_of(char digit)
{
    return isdigit((unsigned char)digit) ? (unsigned)(digit - '0')
                                         : (unsigned)(tolower((unsigned char)digit) - 'a') + 10;
}

void placeholder_append_hex(struct bytes *out, const struct placeholder *placeholder)
{
    for (size_t i = 0; i + 1 < placeholder->name_length; i += 2) {
        const char *digits = placeholder->name + i;
        char byte = (char)(digit_of(digits[0]) << 4 | digit_of(digits[1]));
        bytes_append(out, &byte, 1);
    }
}

struct bytes text_as_bytes(const char *text)
{
    struct bytes bytes = {0};
    struct placeholder placeholder;
    while (placeholder_find(text, &placeholder)) {
        bytes_append(&bytes, text, (size_t)(placeholder.begin - text));
        if (placeholder_is_hex(&placeholder))
            placeholder_append_hex(&bytes, &placeholder);
        else
            bytes_append(&bytes, placeholder.begin, placeholder.length);
        text = placeholder.begin + placeholder.length;
    }
    bytes_append(&bytes, text, strlen(text));
    return bytes;
}
