#include "grader/checks/scene_text.h"

#include "base/memory.h"
#include "grader/protocols/token.h"
#include "grader/protocols/value.h"

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

static bool fill(void *context, const struct placeholder *placeholder, struct bytes *out)
{
    const struct scene_people *people = context;
    const struct filling others = {.fill = fill, .context = context};
    if (people->values != NULL && values_fill(people->values, placeholder, &others, out))
        return true;
    if (placeholder_is(placeholder, "port"))
        bytes_print(out, "%u", people->port_of(people->context, placeholder));
    else if (placeholder_is(placeholder, "who"))
        bytes_print(out, "%s", people->who_of(people->context, placeholder));
    else
        bytes_print(out, "%s", token_of(people->tokens, placeholder));
    return true;
}

struct filling scene_filling(const struct scene_people *people)
{
    return (struct filling){.fill = fill, .context = (void *)people};
}
