/* Placeholders in the texts of a scene's steps. */
#ifndef GRADER_CHECKS_SCENE_TEXT_H
#define GRADER_CHECKS_SCENE_TEXT_H

#include "base/bytes.h"
#include "grader/protocols/filling.h"
#include "grader/protocols/placeholder.h"

#include <stddef.h>

struct token_source;
struct scene_token;
struct values;

/* The random words of a scene under way. All zero at first but for the source. */
struct scene_tokens {
    struct token_source *source;
    struct scene_token *tokens;
    size_t count;
};

void scene_tokens_release(struct scene_tokens *tokens);

/* What the texts of a scene are filled in with. */
struct scene_people {
    struct scene_tokens *tokens;
    const struct values *values;

    /* The port of the client that the placeholder names; and the name by which that client, or the
     * one whose step it is, calls itself. */
    unsigned (*port_of)(void *context, const struct placeholder *placeholder);
    const char *(*who_of)(void *context, const struct placeholder *placeholder);
    void *context;
};

/* For the texts of steps; `people` must outlive it. */
struct filling scene_filling(const struct scene_people *people);

#endif
