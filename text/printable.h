/* Removes from a text what no format may show: the first half of text/sanitise.h. */
#ifndef TEXT_PRINTABLE_H
#define TEXT_PRINTABLE_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Appends the text as valid UTF-8 in which every character but tab and line feed is a graphic one.
 *
 * Invalid UTF-8 becomes U+FFFD, one for each maximal part of a sequence. Removed are the escape
 * sequences of terminals (ECMA-48: control sequences, and control strings with all that is in them,
 * as the address of a link is), control characters, noncharacters, byte order marks and what turns
 * the direction of writing around. CR LF is a line feed, and so are U+2028 and U+2029.
 *
 * A control string without an end on its line loses only its introducer, so that nothing printed
 * can hide what was printed after it. */
void printable_append(struct bytes *out, const char *text, size_t count);

/* Takes the character at the beginning of a text that is not empty: its number, and whether
 * printable_append() would keep it. Returns how many bytes it has. */
size_t printable_take(const char *text, size_t count, uint32_t *character, bool *is_kept);

/* How many bytes the first `letters` characters of UTF-8 have; all of `count` if there are no more
 * characters. */
size_t printable_prefix_bytes(const char *text, size_t count, size_t letters);

/* How much of what came is shown to people. */
#define SHOWN_BYTES ((size_t)200)

/* The first bytes, at most `most` and whole characters, for people to compare: what
 * printable_append() would remove or replace is written as "\r" or "\x00", and a backslash twice.
 * The caller frees. */
char *bytes_shown(const char *bytes, size_t count, size_t most);

/* `name` in plain ASCII for a message, all else as '?', and cut if it is long. The caller frees. */
char *name_shown(const char *name);

/* A sentence with the name, shown, in the place of its "%s". The caller frees. */
char *name_in_sentence(const char *sentence, const char *name);

#endif
