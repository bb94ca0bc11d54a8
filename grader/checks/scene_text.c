#include "grader/checks/scene_text.h"

#include "base/memory.h"
#include "grader/play/token.h"

#include <stdlib.h>
#include <string.h>

/*** Tokens ***/

struct scene_token {
    char *name;
    char word[TOKEN_BYTES];
};

void scene_tokens_release(struct scene_tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++)
        free(tokens->tokens[i].name);
    free(tokens->tokens);
    tokens->tokens = NULL;
    tokens->count = 0;
}

/* The same word wherever the name is the same. */
static const char *token_of(struct scene_tokens *tokens, const struct placeholder *placeholder)
{
    for (size_t i = 0; i < tokens->count; i++)
        if (placeholder_is_named(placeholder, tokens->tokens[i].name))
            return tokens->tokens[i].word;
    tokens->tokens = reallocate(tokens->tokens, tokens->count + 1, sizeof *tokens->tokens);
    struct scene_token *token = &tokens->tokens[tokens->count++];
    token->name = text_of("%.*s", (int)placeholder->name_length, placeholder->name);
    token_choose(tokens->source, token->word, "");
    return token->word;
}

/*** Filling in ***/

/* What means something else in a pattern is quoted. Tokens and ports have nothing of the kind. */
static void append_hex(struct bytes *out, const struct placeholder *placeholder, enum text_use use)
{
    struct bytes bytes = {0};
    placeholder_append_hex(&bytes, placeholder);
    for (size_t i = 0; i < bytes.length; i++) {
        const char *byte = bytes_front(&bytes) + i;
        if (use == TEXT_IS_PATTERN && *byte != '\0' && strchr("\\.[]{}()*+?|^$", *byte) != NULL)
            bytes_append(out, "\\", 1);
        bytes_append(out, byte, 1);
    }
    bytes_release(&bytes);
}

struct bytes scene_fill_in(const char *text, enum text_use use, struct scene_tokens *tokens,
                           unsigned (*port_of)(void *context,
                                               const struct placeholder *placeholder),
                           void *context)
{
    struct bytes filled_in = {0};
    struct placeholder placeholder;
    while (placeholder_find(text, &placeholder)) {
        bytes_append(&filled_in, text, (size_t)(placeholder.begin - text));
        if (placeholder_is(&placeholder, "port"))
            bytes_print(&filled_in, "%u", port_of(context, &placeholder));
        else if (placeholder_is_hex(&placeholder))
            append_hex(&filled_in, &placeholder, use);
        else
            bytes_print(&filled_in, "%s", token_of(tokens, &placeholder));
        text = placeholder.begin + placeholder.length;
    }
    bytes_append(&filled_in, text, strlen(text));
    return filled_in;
}

/*** Patterns ***/

/* As regcomp() does with REG_EXTENDED and REG_NEWLINE; but that ends at a NUL, and has "." match
 * none. */
#define SYNTAX                                                                                     \
    ((RE_SYNTAX_POSIX_EXTENDED & ~(RE_DOT_NEWLINE | RE_DOT_NOT_NULL)) | RE_HAT_LISTS_NOT_NEWLINE)

const char *scene_pattern_compile(regex_t *compiled, const struct bytes *pattern)
{
    *compiled = (regex_t){0};
    re_set_syntax(SYNTAX);
    return re_compile_pattern(pattern->length > 0 ? bytes_front(pattern) : "", pattern->length,
                              compiled);
}
