#include "grader/protocols/filling.h"

#include <string.h>

/* What means something else in a pattern is quoted. */
static void append_filled(struct bytes *out, const struct bytes *filled, enum text_use use)
{
    for (size_t i = 0; i < filled->length; i++) {
        const char *byte = bytes_front(filled) + i;
        if (use == TEXT_IS_PATTERN && *byte != '\0' && strchr("\\.[]{}()*+?|^$", *byte) != NULL)
            bytes_append(out, "\\", 1);
        bytes_append(out, byte, 1);
    }
}

struct bytes text_fill_in(const char *text, enum text_use use, const struct filling *filling)
{
    struct bytes out = {0};
    struct placeholder placeholder;
    while (placeholder_find(text, &placeholder)) {
        struct bytes filled = {0};
        bool is_known = placeholder_is_hex(&placeholder);
        if (is_known)
            placeholder_append_hex(&filled, &placeholder);
        else
            is_known = filling->fill(filling->context, &placeholder, &filled);
        bytes_append(&out, text, (size_t)(placeholder.begin - text));
        if (is_known)
            append_filled(&out, &filled, use);
        else
            bytes_append(&out, placeholder.begin, placeholder.length);
        bytes_release(&filled);
        text = placeholder.begin + placeholder.length;
    }
    bytes_append(&out, text, strlen(text));
    return out;
}
