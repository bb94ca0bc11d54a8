#include "grader/checks/scene_text.h"

#include "base/memory.h"
#include "grader/play/token.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void scene_tokens_release(struct scene_tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++)
        free(tokens->tokens[i].name);
    tokens->count = 0;
}

bool placeholder_find(const char *text, struct placeholder *placeholder)
{
    for (const char *brace = strchr(text, '{'); brace != NULL; brace = strchr(brace + 1, '{')) {
        size_t inside = strcspn(brace + 1, "{}\n");
        if (!isalpha((unsigned char)brace[1]) || brace[1 + inside] != '}')
            continue;
        *placeholder = (struct placeholder){.begin = brace, .length = inside + 2};
        size_t kind = strcspn(brace + 1, ":}");
        snprintf(placeholder->kind, sizeof placeholder->kind, "%.*s", (int)kind, brace + 1);
        if (kind < inside)
            snprintf(placeholder->name, sizeof placeholder->name, "%.*s", (int)(inside - kind - 1),
                     brace + kind + 2);
        return true;
    }
    return false;
}

static const char *token_named(struct scene_tokens *tokens, const char *name)
{
    for (size_t i = 0; i < tokens->count; i++)
        if (strcmp(tokens->tokens[i].name, name) == 0)
            return tokens->tokens[i].word;
    size_t place = tokens->count < SCENE_TOKENS_MAX ? tokens->count++ : SCENE_TOKENS_MAX - 1;
    free(tokens->tokens[place].name);
    tokens->tokens[place].name = text_of("%s", name);
    token_choose(tokens->source, tokens->tokens[place].word, "");
    return tokens->tokens[place].word;
}

static unsigned digit_of(char digit)
{
    return isdigit((unsigned char)digit) ? (unsigned)(digit - '0')
                                         : (unsigned)(tolower((unsigned char)digit) - 'a') + 10;
}

static void append_hex(struct bytes *out, const char *digits)
{
    for (; digits[0] != '\0' && digits[1] != '\0'; digits += 2) {
        char byte = (char)(digit_of(digits[0]) << 4 | digit_of(digits[1]));
        bytes_append(out, &byte, 1);
    }
}

bool placeholder_is_hex(const struct placeholder *placeholder)
{
    size_t digits = strspn(placeholder->name, "0123456789abcdefABCDEF");
    size_t whole = placeholder->length - strlen("{hex:}");
    return strcmp(placeholder->kind, "hex") == 0 && digits > 0 && digits % 2 == 0 &&
           digits == whole;
}

void scene_fill_in(struct bytes *out, const char *text, struct scene_tokens *tokens,
                   unsigned (*port_of)(void *context, const char *client), void *context)
{
    struct placeholder placeholder;
    while (placeholder_find(text, &placeholder)) {
        bytes_append(out, text, (size_t)(placeholder.begin - text));
        if (strcmp(placeholder.kind, "port") == 0)
            bytes_print(out, "%u", port_of(context, placeholder.name));
        else if (placeholder_is_hex(&placeholder))
            append_hex(out, placeholder.name);
        else
            bytes_print(out, "%s", token_named(tokens, placeholder.name));
        text = placeholder.begin + placeholder.length;
    }
    bytes_append(out, text, strlen(text));
}
