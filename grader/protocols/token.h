/* Random words for players to say, which no server can guess. */
#ifndef GRADER_PLAY_TOKEN_H
#define GRADER_PLAY_TOKEN_H

#include <stddef.h>
#include <stdint.h>

/* Room for a token with a line end, and its NUL. */
#define TOKEN_BYTES 32

/* How long a token is without them. */
#define TOKEN_LENGTH 24

/* Room for a seed, in hexadecimal digits, and its NUL. */
#define TOKEN_SEED_BYTES 33

/* Where tokens come from: each is derived from the seed, the scope and its place in the sequence,
 * so that a run can be repeated. Without the seed, known tokens do not tell the others. All zero:
 * new ones each time. Both strings must outlive the source. */
struct token_source {
    const char *seed;  /* or NULL */
    const char *scope; /* the id of a check: each check has its own tokens */
    uint64_t place;    /* of the next one */
};

/* Room for a name, and its NUL. */
#define TOKEN_NAME_BYTES 9

/* Chooses a seed that nobody can guess. */
void token_choose_seed(char seed[TOKEN_SEED_BYTES]);

/* Writes "proctor-", 16 hexadecimal digits, and `end`: "" or a line end. */
void token_choose(struct token_source *source, char token[TOKEN_BYTES], const char *end);

/* Writes a name of eight small letters, as servers take them for people. */
void token_choose_name(struct token_source *source, char name[TOKEN_NAME_BYTES]);

/* Writes so many small letters, and a NUL. */
void token_choose_letters(struct token_source *source, char *letters, size_t count);

/* A whole number of this range, all alike. */
int64_t token_choose_number(struct token_source *source, int64_t first, int64_t last);

#endif
