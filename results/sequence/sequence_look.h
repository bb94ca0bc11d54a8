/* How marks look: each look has a colour and a pattern, as colour alone tells not everybody
 * something. */
#ifndef RESULTS_SEQUENCE_SEQUENCE_LOOK_H
#define RESULTS_SEQUENCE_SEQUENCE_LOOK_H

#include "base/bytes.h"

#include <stdbool.h>

enum sequence_look {
    LOOK_PLAIN,
    /* of the ends of a connection */
    LOOK_OPENING,
    LOOK_ESTABLISHED,
    LOOK_QUEUED, /* established for the kernel, and accepted by nobody */
    LOOK_ENDING, /* closed at this end */
    LOOK_HALF,   /* CLOSE_WAIT: closed at the other end only */
    LOOK_OVER,   /* nothing left, or TIME_WAIT */
    /* of tasks */
    LOOK_RUNS,
    LOOK_ON_CLIENT,
    LOOK_ON_CLIENTS,
    LOOK_ON_DOOR,
    LOOK_ON_OTHER,
    LOOK_ENDED,
    LOOKS,
};

/* The class of a look, "established", for styles. */
const char *sequence_look_class(enum sequence_look look);

/* The look of a state of TCP by the name that netstat gives it; LOOK_PLAIN for another name. */
enum sequence_look sequence_look_of_state(const char *state);

/* The patterns that marks refer to; once on a page. */
void sequence_patterns(struct bytes *out);

/* What those that are used stand for, in words. */
void sequence_legend(struct bytes *out, const bool is_used[LOOKS]);

/* A rectangle of this look, in pixels. */
struct sequence_box {
    double x;
    double y;
    double width;
    double height;
};
void sequence_look_box(struct bytes *out, enum sequence_look look, const struct sequence_box *box);

#endif
