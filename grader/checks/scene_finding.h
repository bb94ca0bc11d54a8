/* A scene under way, and how what does not come becomes a finding. */
#ifndef GRADER_CHECKS_SCENE_FINDING_H
#define GRADER_CHECKS_SCENE_FINDING_H

#include "grader/arena/keeper_message.h"
#include "grader/checks/scene_cast.h"
#include "grader/checks/scene_text.h"
#include "grader/play/await.h"
#include "grader/protocols/http_message.h"
#include "grader/protocols/pattern.h"
#include "grader/protocols/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct act;
struct likeness;
struct scene_recording;
struct step;

/* When something was done: between these times. */
struct scene_deed {
    int64_t begin_ns; /* 0: nothing was done yet */
    int64_t end_ns;
};

/* A scene under way. */
struct scene {
    struct act *act;
    struct scene_cast cast;
    struct scene_tokens tokens;
    struct values values;
    struct filling filling; /* of the texts of its steps */
    struct scene_client {
        bool has_come;          /* has connected once */
        bool asks_for_head;     /* its latest request of HTTP wants no body */
        struct scene_deed deed; /* its last one */
    } clients[SCENE_CLIENTS_MAX];
    struct scene_deed deed;                  /* the last one of all */
    unsigned step_number;                    /* from 1 */
    int64_t used_bytes[KEEPER_RUNS_MAX + 1]; /* of what the submission and each run has printed */

    struct scene_recording *recording; /* of the reference, or NULL */
    bool is_rehearsal;                 /* it is played on the reference */
    bool is_given_time;                /* which may take its time */

    /* The step under way. */
    const struct step *step;
    size_t run;               /* its program: one of the arena's, or ARENA_SUBMISSION */
    size_t player;            /* its client; 0 if it has none */
    struct bytes text;        /* the text that it expects, filled in; empty if none */
    struct patterns patterns; /* or the patterns */
    const struct likeness *likeness;
    const char *path;     /* of the file that it expects */
    size_t matched_bytes; /* up to the end of what was found */
};

/* For predicates: the scene under way; and whether what its player has for the server lies in a
 * queue. */
struct scene *scene_of(const struct encounter *encounter);
bool scene_player_is_queued(struct encounter *encounter);

/* The player of the step under way, for predicates too. */
struct player *scene_player(const struct encounter *encounter);

/* Does the step expect patterns, rather than a text? And does each match something in the bytes? */
bool scene_has_pattern(const struct scene *scene);
bool scene_find_patterns(struct scene *scene, const char *data, size_t count);

/* Waits until the predicate holds or cannot come to hold; false if the check is decided by now. */
bool scene_await(struct scene *scene, encounter_predicate *predicate);

/* Notes what the player has got; what is expected, of which `got` is not all; where the
 * scene is; decides that the step is not met. */
void scene_note_received(const struct scene *scene);
void scene_note_expected(const struct scene *scene, const struct bytes *got);
void scene_note_place(const struct scene *scene);
void scene_find(const struct scene *scene, const char *finding);

#endif
