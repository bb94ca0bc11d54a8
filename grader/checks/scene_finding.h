/* A scene under way, and how what does not come becomes a finding. */
#ifndef GRADER_CHECKS_SCENE_FINDING_H
#define GRADER_CHECKS_SCENE_FINDING_H

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
    struct scene_deed deed;     /* the last one of all */
    unsigned step_number;       /* from 1 */
    int64_t output_begin_bytes; /* what was printed before the scene does not count */

    /* The step under way. */
    const struct step *step;
    size_t player;            /* its client; 0 if it has none */
    struct bytes text;        /* the text that it expects, filled in; empty if none */
    struct patterns patterns; /* or the patterns */
    size_t matched_bytes;     /* up to the end of what was found */
};

/* For predicates: the scene under way; and whether what its player has for the server lies in a
 * queue. */
struct scene *scene_of(const struct encounter *encounter);
bool scene_player_is_queued(struct encounter *encounter);

/* The player of the step under way, for predicates too. */
struct player *scene_player(const struct encounter *encounter);

/* Waits until the predicate holds or cannot come to hold; false if the check is decided by now. */
bool scene_await(struct scene *scene, encounter_predicate *predicate);

/* Notes what the player has got; decides that the step is not met. */
void scene_note_received(const struct scene *scene);
void scene_find(const struct scene *scene, const char *finding);

#endif
