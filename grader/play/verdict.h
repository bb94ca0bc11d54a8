/* The outcome of a check, and of a grading. Faults of the submission and of proctor are kept
 * apart. */
#ifndef GRADER_PLAY_VERDICT_H
#define GRADER_PLAY_VERDICT_H

enum verdict {
    VERDICT_PASS,
    VERDICT_PARTIAL, /* a part of a scene is as it should be */
    VERDICT_FAIL,
    VERDICT_INCONCLUSIVE, /* nothing could be concluded; the finding says why */
    VERDICT_SKIPPED,      /* an earlier check has made this one pointless */
    VERDICT_ERROR,        /* proctor has failed: no verdict on the submission */
};

/* What a verdict rests on (docs/rest.md), the firmest first. */
enum ground {
    GROUND_SEEN,        /* it has happened */
    GROUND_PROVED,      /* it cannot happen */
    GROUND_PASSED_OVER, /* it was not taken from its queue, though there was every occasion */
    GROUND_CLOCK,       /* it has not happened within a time */
};

/* "pass", "passed over" and so on, as they stand in documents. */
const char *verdict_name(enum verdict verdict);
const char *ground_name(enum ground ground);

/* "clock", or for all other grounds "evidence". */
const char *ground_decided_by(enum ground ground);

/* "could not be decided": for people, translated. */
const char *verdict_text(enum verdict verdict);

/* The verdict of this name; VERDICT_ERROR if there is none, or for NULL. */
enum verdict verdict_find(const char *name);

#endif
