/* Random words for players to say, so that no server can know them before. */
#ifndef GRADER_PLAY_TOKEN_H
#define GRADER_PLAY_TOKEN_H

#include <stdint.h>

/* Room for a token with a line end, and its NUL. */
#define TOKEN_BYTES 32

/* Room for a seed, in hexadecimal digits, and its NUL. */
#define TOKEN_SEED_BYTES 33

/* Where tokens come from: each follows from the seed, the scope and its place in their order, so
 * that the same ones can be said again. Whoever knows some of them, and no seed, knows none of the
 * rest. All zero: they are new ones each time. Both words must stay. */
struct token_source {
    const char *seed;  /* or NULL */
    const char *scope; /* with another one the tokens are others */
    uint64_t place;    /* of the next one */
};

/* Chooses a seed that nobody can guess. */
void token_choose_seed(char seed[TOKEN_SEED_BYTES]);

/* Writes "proctor-", 16 hexadecimal digits, and `end`: "" or a line end. */
void token_choose(struct token_source *source, char token[TOKEN_BYTES], const char *end);

#endif
