/* Random words for players to say, so that no server can know them before. */
#ifndef GRADER_PLAY_TOKEN_H
#define GRADER_PLAY_TOKEN_H

/* Room for a token with a line end, and its NUL. */
#define TOKEN_BYTES 32

/* Room for a seed, in hexadecimal digits, and its NUL. */
#define TOKEN_SEED_BYTES 33

/* Chooses a seed that nobody can guess. */
void token_choose_seed(char seed[TOKEN_SEED_BYTES]);

/* From now on tokens follow from the seed and the scope, each from its place in their order; with
 * another scope they are others. Whoever knows some of them, and no seed, knows none of the rest.
 * NULL: they are new ones each time, as at first. Both words must stay. */
void token_follow(const char *seed, const char *scope);

/* Writes "proctor-", 16 hexadecimal digits, and `end`: "" or a line end. */
void token_choose(char token[TOKEN_BYTES], const char *end);

#endif
