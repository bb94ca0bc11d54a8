/* Words in braces in the texts of an assignment, and bytes that are no text.
 *
 * A text stands in its file without NUL bytes, and so is a string. What becomes of it may have
 * them, and so is bytes with a length. */
#ifndef GRADER_PLAY_PLACEHOLDER_H
#define GRADER_PLAY_PLACEHOLDER_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>

/* "{token:a}" has the kind "token" and the name "a", which may be missing: it is empty then; and
 * "{=a+1}" the kind "=" and the name "a+1". All point into the text. */
struct placeholder {
    const char *begin;
    size_t length; /* braces included */
    const char *kind;
    size_t kind_length;
    const char *name;
    size_t name_length;
};

/* Finds the first one at or after `text`; false if there is none. "{" begins one only where a
 * letter or "=" follows and a "}" comes before the line's end. */
bool placeholder_find(const char *text, struct placeholder *placeholder);

bool placeholder_is(const struct placeholder *placeholder, const char *kind);
bool placeholder_is_named(const struct placeholder *placeholder, const char *name);

/* Is it bytes in hexadecimal: "{hex:8002}", with an even number of digits? */
bool placeholder_is_hex(const struct placeholder *placeholder);

/* Appends the bytes of one that is hexadecimal. */
void placeholder_append_hex(struct bytes *out, const struct placeholder *placeholder);

/* The text with its {hex:…} filled in, and with all else as it stands; to be released. */
struct bytes text_as_bytes(const char *text);

#endif
