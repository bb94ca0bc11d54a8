/* What a sequence diagram is made of: lanes side by side, and marks on them from the top to the
 * bottom, as time goes. */
#ifndef RESULTS_SEQUENCE_SEQUENCE_H
#define RESULTS_SEQUENCE_SEQUENCE_H

#include "results/sequence/sequence_look.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sequence_lane_kind {
    LANE_CLIENT, /* with a band for the state of either end */
    LANE_DOOR,   /* where clients of a server arrive: its listener */
    LANE_TASK,   /* with bars for what it does */
    LANE_CROWD,  /* many clients or tasks: how many of them do what */
};

/* Of a crowd: in so many ways its members can be told apart. */
#define SEQUENCE_PARTS 4

struct sequence_lane {
    enum sequence_lane_kind kind;
    char *name;
    char *detail;                    /* below the name, smaller; or NULL */
    size_t total;                    /* of a crowd */
    const enum sequence_look *parts; /* … with the look of each of its parts */
};

enum sequence_mark_kind {
    MARK_STATE, /* a band: the state of one end of a client's connection */
    MARK_DOES,  /* a bar: what a task does, or waits for */
    MARK_LEVEL, /* how many of a crowd are in each of its parts */
    MARK_ARROW, /* from lane to lane */
    MARK_DEED,  /* a disc: what has no other side */
    MARK_NOTE,  /* words across the whole width */
};

struct sequence_mark {
    enum sequence_mark_kind kind;
    size_t lane;
    size_t to;         /* of an arrow: its other lane */
    bool is_of_server; /* of a state: that of the server's end */
    enum sequence_look look;
    int64_t t_ns;
    int64_t until_ns; /* the same but for states, what tasks do, and levels */
    size_t counts[SEQUENCE_PARTS];
    char *label;  /* on the picture, cut to its place; or NULL */
    char *detail; /* all of it, in words for the table and whoever points at it */

    size_t order; /* of its beginning and its end among those of all marks */
    size_t until_order;
};

#define SEQUENCE_NO_MARK SIZE_MAX

/* All zero is an empty one. */
struct sequence {
    struct sequence_lane *lanes;
    size_t lane_count;
    struct sequence_mark *marks; /* in the order of time */
    size_t count;
    size_t order;
    int64_t end_ns; /* the latest moment there is */
};

/* Add one; the texts are the sequence's from now on. Return its number. A mark has its `until_ns`
 * from sequence_end_mark(), or lasts until the end. */
size_t sequence_add_lane(struct sequence *sequence, const struct sequence_lane *lane);
size_t sequence_add(struct sequence *sequence, const struct sequence_mark *mark);

/* Ends a mark that lasts; SEQUENCE_NO_MARK is none. */
void sequence_end_mark(struct sequence *sequence, size_t mark, int64_t t_ns);

/* Ends all marks that still last. To be called once, after the last one was added. */
void sequence_finish(struct sequence *sequence);

bool sequence_mark_lasts(const struct sequence_mark *mark);

void sequence_release(struct sequence *sequence);

#endif
