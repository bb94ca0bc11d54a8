/* Random words for players to say, so that no server can know them before. */
#ifndef GRADER_TOKEN_H
#define GRADER_TOKEN_H

/* Room for a token with a line end, and its NUL. */
#define TOKEN_BYTES 32

/* Writes "proctor-", 16 hexadecimal digits, and `end`: "" or a line end. */
void token_choose(char token[TOKEN_BYTES], const char *end);

#endif
