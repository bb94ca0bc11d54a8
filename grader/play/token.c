#include "grader/play/token.h"

#include "grader/intake/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

/* What tokens follow from: one submission is played with at a time. */
static struct {
    const char *seed;
    const char *scope;
    uint64_t place;
} followed;

static uint64_t random_number(void)
{
    uint64_t number = 0;
    while (getrandom(&number, sizeof number, 0) != sizeof number)
        continue;
    return number;
}

void token_choose_seed(char seed[TOKEN_SEED_BYTES])
{
    snprintf(seed, TOKEN_SEED_BYTES, "%016" PRIx64 "%016" PRIx64, random_number(), random_number());
}

void token_follow(const char *seed, const char *scope)
{
    followed.seed = seed;
    followed.scope = scope;
    followed.place = 0;
}

void token_choose(char token[TOKEN_BYTES], const char *end)
{
    char digits[DIGEST_TEXT_BYTES];
    if (followed.seed == NULL) {
        snprintf(digits, sizeof digits, "%016" PRIx64, random_number());
    } else {
        struct digest *digest = digest_new();
        digest_add_text(digest, followed.seed);
        digest_add_text(digest, followed.scope);
        digest_add(digest, &followed.place, sizeof followed.place);
        digest_finish(digest, digits);
        followed.place++;
    }
    snprintf(token, TOKEN_BYTES, "proctor-%.16s%s", digits, end);
}
