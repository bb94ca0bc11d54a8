/* Base64 (RFC 4648, section 4), as logs and documents carry bytes. */
#ifndef TEXT_BASE64_H
#define TEXT_BASE64_H

#include "base/bytes.h"

#include <stddef.h>

void base64_append(struct bytes *out, const void *data, size_t count);

/* Appends the bytes that a text stands for. 0, or -EINVAL, and nothing is appended: it stands for
 * none. */
int base64_decode(struct bytes *out, const char *text);

#endif
