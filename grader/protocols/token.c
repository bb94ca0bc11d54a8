#include "grader/protocols/token.h"

#include "grader/intake/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

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

static void choose_digits(struct token_source *source, char digits[DIGEST_TEXT_BYTES])
{
    if (source->seed == NULL) {
        snprintf(digits, DIGEST_TEXT_BYTES, "%016" PRIx64, random_number());
        return;
    }
    struct digest *digest = digest_new();
    digest_add_text(digest, source->seed);
    digest_add_text(digest, source->scope);
    digest_add(digest, &source->place, sizeof source->place);
    digest_finish(digest, digits);
    source->place++;
}

void token_choose(struct token_source *source, char token[TOKEN_BYTES], const char *end)
{
    char digits[DIGEST_TEXT_BYTES];
    choose_digits(source, digits);
    snprintf(token, TOKEN_BYTES, "proctor-%.16s%s", digits, end);
}

void token_choose_name(struct token_source *source, char name[TOKEN_NAME_BYTES])
{
    char digits[DIGEST_TEXT_BYTES];
    choose_digits(source, digits);
    for (size_t i = 0; i < TOKEN_NAME_BYTES - 1; i++)
        name[i] = "abcdefghijklmnop"[strtoul((char[]){digits[i], '\0'}, NULL, 16)];
    name[TOKEN_NAME_BYTES - 1] = '\0';
}
