/* The clients that an identification plays: they connect one after the other, stay silent, and
 * then speak one after the other. Who is served, and when?
 *
 * A client has been served when it got an answer to what it said, when that was printed, or when
 * it was read: a server need not answer.
 */
#ifndef GRADER_IDENTIFY_VISIT_H
#define GRADER_IDENTIFY_VISIT_H

#include "grader/play/await.h"
#include "grader/play/verdict.h"
#include "grader/protocols/token.h"
#include "observe/waiting/model_of.h"
#include "observe/waiting/workers.h"

#include <jansson.h>

#define VISIT   ((size_t)3)  /* clients of a visit */
#define CROWD   ((size_t)30) /* further clients, enough to fill most pools */
#define PLAYERS (2 * VISIT + CROWD)

struct identification;

struct play {
    struct encounter encounter; /* its `play` is this one */
    struct identification *result;
    json_t *because; /* the rows of the evidence */
    enum ground ground;
    struct findings findings;
    char tokens[PLAYERS][TOKEN_BYTES];
    size_t received_before[PLAYERS]; /* speaking: what it had received by then */
    bool is_served[PLAYERS];         /* seen at some look since */
    encounter_predicate *awaited;
    size_t speaker; /* the player that is to be served */
    size_t visit;   /* the first player of the visit under way */
    size_t newcomer;
    struct workers workers;
    bool was_left_waiting; /* by the clock, not all of the visit were accepted */
    bool has_ended;
    bool is_unseen; /* a task is stopped, or cannot be inspected */
};

/* Notes if only the clock has ended a wait. Returns the outcome. */
int play_note(struct play *play, int outcome);

/* Waits for a reaction. An outcome or -errno. */
int play_await(struct play *play, encounter_predicate *predicate);

/* Until the server rests, unless it never does. An outcome or -errno. */
int play_await_rest(struct play *play);

/* Connects players one after the other, each when the one before has been accepted or passed over:
 * in a burst some would be overlooked where a server asks for one client at each event. No more
 * than `waiting_max` of them wait to be accepted. How many came, or -errno. Players that are
 * refused do not play. */
int play_connect(struct play *play, size_t first, size_t count, size_t waiting_max);

/* Reads from the latest snapshot what the server looks like, with `clients` players from number
 * `first` on. */
void play_read_shape(struct shape *shape, const struct encounter *encounter, size_t first,
                     size_t clients);

/* Notes from the latest snapshot whether several tasks wait for one of these players. */
void play_note_shared(struct play *play, size_t first, size_t count);

/* The player speaks; 0 or -errno. That a connection has ended is not an error of ours. */
int play_say(struct play *play, size_t player);

void play_leave(struct play *play, size_t first, size_t count);

/* Three clients connect, and speak in this order; what is found goes into `visited`. 0 or
 * -errno. */
int play_visit(struct play *play, size_t first, bool backwards, struct visited *visited);

/* A predicate: the clients of the visit have gone, and the server rests. */
bool play_visitors_have_gone(struct encounter *encounter);

#endif
