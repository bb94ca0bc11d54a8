/* SHA-256 (FIPS 180-4) of what comes in pieces, by libmd. */
#ifndef TEXT_DIGEST_H
#define TEXT_DIGEST_H

#include <stddef.h>

/* In hexadecimal digits, with the NUL. */
#define DIGEST_TEXT_BYTES 65

struct digest;

/* Of nothing yet; to be finished. */
struct digest *digest_new(void);

void digest_add(struct digest *digest, const void *data, size_t count);

/* A text with its NUL, so that two of them are never the same as one. */
void digest_add_text(struct digest *digest, const char *text);

/* Writes the digits and frees. */
void digest_finish(struct digest *digest, char text[DIGEST_TEXT_BYTES]);

#endif
