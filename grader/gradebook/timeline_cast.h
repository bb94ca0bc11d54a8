/* Who acts in what was played, and which lane of the picture each has: clients to the left, then
 * the submission, then whoever else takes part, then the tasks of the submission. */
#ifndef GRADER_GRADEBOOK_TIMELINE_CAST_H
#define GRADER_GRADEBOOK_TIMELINE_CAST_H

#include "results/sequence/sequence.h"

#include <jansson.h>
#include <stdbool.h>

/* What an action is, by its words in the language of the document. */
enum timeline_deed {
    DEED_OTHER,
    DEED_CONNECTS,
    DEED_SAYS,
    DEED_ENDS,     /* its side: it may still be answered */
    DEED_CLOSES,   /* or resets: it is over for it */
    DEED_ANSWERED, /* by the submission */
    DEED_SEES_END,
    DEED_IS_RESET,
    DEED_OF_CLIENT, /* any other that only a client does */
};

enum timeline_deed timeline_deed_of(const json_t *event);
bool timeline_is_wait(const json_t *event);

/* When, in nanoseconds: the member is in milliseconds, from 0 to a day. */
int64_t timeline_moment(const json_t *event, const char *key);

struct timeline_actor {
    const json_t *name;
    bool is_client;
    size_t lane;
    size_t state;     /* its mark that lasts, or SEQUENCE_NO_MARK */
    size_t wait;      /* of a task: the latest one, or SEQUENCE_NO_MARK */
    size_t waits_for; /* of a task: the lane of that actor, or SEQUENCE_NO_MARK */
};

struct timeline_cast {
    struct timeline_actor *actors;
    size_t count;
    size_t task_count;
    struct timeline_actor *tasks;
    size_t door;                /* the lane of the submission */
    struct timeline_actor rest; /* all for whom there is no lane */
};

/* Of the first `count` events; gives the sequence its lanes. */
void timeline_cast_init(struct timeline_cast *cast, const json_t *events, size_t count,
                        struct sequence *sequence);
void timeline_cast_release(struct timeline_cast *cast);

/* Whoever has done what the event is about. */
struct timeline_actor *timeline_actor_of(struct timeline_cast *cast, const json_t *event);

/* The lane of the actor on whose connection a wait is, by its text in the language of the document,
 * or SEQUENCE_NO_MARK. */
size_t timeline_lane_awaited(const struct timeline_cast *cast, const char *wait);

#endif
