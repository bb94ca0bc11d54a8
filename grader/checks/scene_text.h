/* Placeholders in the texts of a scene's steps. */
#ifndef GRADER_CHECKS_SCENE_TEXT_H
#define GRADER_CHECKS_SCENE_TEXT_H

#include "base/bytes.h"
#include "grader/play/placeholder.h"

#include <regex.h>
#include <stddef.h>

struct token_source;
struct scene_token;

/* The random words of a scene under way. All zero at first but for the source. */
struct scene_tokens {
    struct token_source *source;
    struct scene_token *tokens;
    size_t count;
};

void scene_tokens_release(struct scene_tokens *tokens);

enum text_use { TEXT_IS_BYTES, TEXT_IS_PATTERN };

/* The text with all placeholders filled in, to be released; `port_of` gives the port of the client
 * that one names. In a pattern, what is filled in stands for itself. */
struct bytes scene_fill_in(const char *text, enum text_use use, struct scene_tokens *tokens,
                           unsigned (*port_of)(void *context,
                                               const struct placeholder *placeholder),
                           void *context);

/* Compiles a pattern that may contain any byte. NULL, and it is regfree()'d in the end; or what is
 * wrong with it, a constant. */
const char *scene_pattern_compile(regex_t *compiled, const struct bytes *pattern);

#endif
