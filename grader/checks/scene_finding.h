/* A scene under way, and how it is decided that something has not come. */
#ifndef GRADER_CHECKS_SCENE_FINDING_H
#define GRADER_CHECKS_SCENE_FINDING_H

#include "grader/arena/keeper_message.h"
#include "grader/checks/scene_text.h"

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct act;

/* A scene under way. */
struct scene {
    struct act *act;
    struct scene_tokens tokens;
    unsigned step_number;                    /* from 1 */
    int64_t used_bytes[KEEPER_RUNS_MAX + 1]; /* of what the submission and each run has printed */

    /* The step under way. */
    size_t run;             /* its program: one of the arena's, or ARENA_SUBMISSION */
    size_t player;          /* its client; 0 if it has none */
    struct bytes text;      /* the text or pattern that it expects, filled in; empty if none */
    const char *path;       /* of the file that it expects */
    const regex_t *pattern; /* compiled, or NULL: the text as it is */
    char *const *states;    /* of the player's end and of the submission's, or NULL */
    size_t matched_bytes;   /* up to the end of what was found */
};

/* Does the pattern of the step match something in the bytes? */
bool scene_find_pattern(struct scene *scene, const char *data, size_t count);

/* Adds the text that the step expects to the evidence. */
void scene_note_expected(const struct scene *scene);

/* Decides the check: what the step expects has not come. */
void scene_find(const struct scene *scene, const char *finding);

#endif
