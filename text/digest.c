#include "text/digest.h"

#include "base/memory.h"

#include <sha2.h>
#include <stdlib.h>
#include <string.h>

struct digest {
    SHA2_CTX context;
};

struct digest *digest_new(void)
{
    struct digest *digest = allocate(1, sizeof *digest);
    SHA256Init(&digest->context);
    return digest;
}

void digest_add(struct digest *digest, const void *data, size_t count)
{
    SHA256Update(&digest->context, data, count);
}

void digest_add_text(struct digest *digest, const char *text)
{
    digest_add(digest, text, strlen(text) + 1);
}

void digest_finish(struct digest *digest, char text[DIGEST_TEXT_BYTES])
{
    _Static_assert(DIGEST_TEXT_BYTES == SHA256_DIGEST_STRING_LENGTH, "the digits and the NUL");
    SHA256End(&digest->context, text);
    free(digest);
}
