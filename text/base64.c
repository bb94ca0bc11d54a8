#include "text/base64.h"

#include "base/memory.h"

#include <assert.h>
#include <errno.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

void base64_append(struct bytes *out, const void *data, size_t count)
{
    size_t capacity = (count + 2) / 3 * 4 + 1;
    char *encoded = allocate(capacity, 1);
    int length = b64_ntop(data, count, encoded, capacity);
    assert(length >= 0);
    bytes_append(out, encoded, (size_t)length);
    free(encoded);
}

int base64_decode(struct bytes *out, const char *text)
{
    size_t capacity = strlen(text) / 4 * 3 + 3;
    unsigned char *decoded = allocate(capacity, 1);
    int length = b64_pton(text, decoded, capacity);
    if (length > 0)
        bytes_append(out, decoded, (size_t)length);
    free(decoded);
    return length < 0 ? -EINVAL : 0;
}
