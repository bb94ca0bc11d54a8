/* A file of users is read, or refused with a sentence; a name that it does not hold opens
 * nothing. */
#include "tests/fuzz/fuzz.h"

#include "base/memory.h"
#include "servers/protocols/users.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *complaint = NULL;
    char *text = allocate(size + 1, 1);
    memcpy(text, data, size);
    struct users *users = users_parse(text, size, "users", &complaint);
    if (users == NULL) {
        fuzz_expect_sentence(complaint);
        return 0;
    }
    /* A hash may be one that takes a minute, as its owner has wished. */
    if (memchr(data, '$', size) == NULL)
        fuzz_expect(!users_admit(users, "", 0, "", 0), "nobody comes in without a name");
    users_free(users);
    return 0;
}
