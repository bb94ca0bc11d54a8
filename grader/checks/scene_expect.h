/* What the steps of a scene expect, and the findings when it does not come. */
#ifndef GRADER_CHECKS_SCENE_EXPECT_H
#define GRADER_CHECKS_SCENE_EXPECT_H

#include "grader/arena/keeper.h"
#include "grader/checks/scene_text.h"

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct act;
struct step;

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

/* The state of an end that is no longer in the kernel's tables. */
#define SCENE_STATE_NONE "CLOSED"

/* Do both spell the same state? netstat(8) writes FIN_WAIT2, ss(8) FIN-WAIT-2: only letters and
 * digits count, and not their case. */
bool scene_is_state_called(const char *name, const char *called);

/* Does the pattern of the step match something in the bytes? */
bool scene_find_pattern(struct scene *scene, const char *data, size_t count);

/* Adds the text that the step expects to the evidence. */
void scene_note_expected(const struct scene *scene);

/* Decides the check: what the step expects has not come. */
void scene_find(const struct scene *scene, const char *finding);

/* Waits for what the step expects; scene->player and scene->text are set. */
void scene_expect(struct scene *scene, const struct step *step);

#endif
