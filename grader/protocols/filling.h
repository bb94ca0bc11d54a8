/* Texts of an assignment with their placeholders filled in. */
#ifndef GRADER_PROTOCOLS_FILLING_H
#define GRADER_PROTOCOLS_FILLING_H

#include "base/bytes.h"
#include "grader/protocols/placeholder.h"

enum text_use { TEXT_IS_BYTES, TEXT_IS_PATTERN };

/* Appends what stands for the placeholder; false if it knows none, and has appended nothing. */
typedef bool text_filler(void *context, const struct placeholder *placeholder, struct bytes *out);

/* Who fills in the texts of one client, as they are said or expected. */
struct filling {
    text_filler *fill;
    void *context;
};

/* The text, to be released, with {hex:…} and all that `filling` knows filled in; the rest stays as
 * it stands. In a pattern, what is filled in stands for itself. */
struct bytes text_fill_in(const char *text, enum text_use use, const struct filling *filling);

#endif
