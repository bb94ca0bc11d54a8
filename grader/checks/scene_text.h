/* Placeholders in the texts of a scene's steps. */
#ifndef GRADER_CHECKS_SCENE_TEXT_H
#define GRADER_CHECKS_SCENE_TEXT_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>

#define SCENE_TOKENS_MAX 16

struct token_source;

/* The random words of a scene under way. All zero at first but for the source. */
struct scene_tokens {
    struct token_source *source;
    struct {
        char *name;
        char word[32];
    } tokens[SCENE_TOKENS_MAX];
    size_t count;
};

void scene_tokens_release(struct scene_tokens *tokens);

/* A word in braces: "{token:a}" has the kind "token" and the name "a", which may be missing. */
struct placeholder {
    const char *begin;
    size_t length; /* braces included */
    char kind[16];
    char name[32];
};

/* Finds the first one at or after `text`; false if there is none. "{" begins one only where a
 * letter follows and a "}" comes before the line's end. */
bool placeholder_find(const char *text, struct placeholder *placeholder);

/* Is it bytes in hexadecimal: "{hex:8002}", with an even number of digits that fit the name? */
bool placeholder_is_hex(const struct placeholder *placeholder);

/* Appends the text with all of them filled in; `port_of` gives the port of a client. Tokens and
 * ports have no special meaning in regular expressions. */
void scene_fill_in(struct bytes *out, const char *text, struct scene_tokens *tokens,
                   unsigned (*port_of)(void *context, const char *client), void *context);

#endif
