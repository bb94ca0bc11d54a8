/* A check, and its result. */
#ifndef GRADER_PLAY_CHECK_H
#define GRADER_PLAY_CHECK_H

#include "grader/play/verdict.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct act;

struct check_result {
    const char *id;
    const char *title;
    enum verdict verdict;
    enum ground ground;
    int64_t within_ns;   /* the time that is claimed, if only for a time; or 0 */
    const char *finding; /* in words, "blocked"; a constant */
    const char *hint;    /* what to do about it, or NULL; a constant */
    bool is_afresh;      /* it was found on a program that was just started */
    bool is_cause_seen;  /* the hint follows from what ended or stopped it, whatever was played */
    json_t *evidence;    /* array; owned by the result */
    json_t *timeline;    /* array of what was done, and when (timeline.h), or NULL; owned, too */
    json_t *left_out;    /* of the timeline, beyond its limits (waits.h), or NULL; owned, too */
    json_t *values;      /* object of what was drawn (value.h), or NULL; owned, too */
    double earned;       /* points, where the verdict is partial */
    unsigned step;       /* of a scene, from 1: the one that was played last; 0: no scene */
    int64_t begin_ns;
    int64_t duration_ns;
};

void check_result_release(struct check_result *result);

/* Plays a check, with a submission that listens and rests. It passes if nothing is found wrong. */
typedef void check_play(struct act *act);

enum check_use {
    CHECK_USUAL,
    CHECK_ON_REQUEST, /* right for some servers only */
    CHECK_GOES_ON,    /* likewise; begins where the check it needs stopped, pass or fail */
};

struct check {
    const char *id;
    const char *title;
    const char *needs; /* the check without which this one is pointless, or NULL */
    size_t players;
    enum check_use use;
    check_play *play;
};

#endif
