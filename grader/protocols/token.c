#include "grader/protocols/token.h"

#include "base/least.h"
#include "text/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* Of what is drawn at once, so many hexadecimal digits are always there. */
#define DIGITS_DRAWN ((size_t)16)

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

/* A digit of four bits is a letter. */
static void write_letters(const char *digits, char *letters, size_t count)
{
    for (size_t i = 0; i < count; i++)
        letters[i] = "abcdefghijklmnop"[strtoul((char[]){digits[i], '\0'}, NULL, 16)];
    letters[count] = '\0';
}

void token_choose_name(struct token_source *source, char name[TOKEN_NAME_BYTES])
{
    token_choose_letters(source, name, TOKEN_NAME_BYTES - 1);
}

void token_choose_letters(struct token_source *source, char *letters, size_t count)
{
    for (size_t done = 0; done < count;) {
        char digits[DIGEST_TEXT_BYTES];
        choose_digits(source, digits);
        size_t piece = least(count - done, DIGITS_DRAWN);
        write_letters(digits, letters + done, piece);
        done += piece;
    }
}

int64_t token_choose_number(struct token_source *source, int64_t first, int64_t last)
{
    char digits[DIGEST_TEXT_BYTES];
    choose_digits(source, digits);
    digits[DIGITS_DRAWN] = '\0';
    uint64_t count = (uint64_t)last - (uint64_t)first + 1; /* 0: all that there are */
    uint64_t drawn = strtoull(digits, NULL, 16);
    return (int64_t)((uint64_t)first + (count > 0 ? drawn % count : drawn));
}
