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

enum decided_by {
    DECIDED_BY_EVIDENCE,
    DECIDED_BY_CLOCK, /* the last resort: nothing had settled within the patience */
};

/* "pass", "evidence" and so on, as they stand in documents. */
const char *verdict_name(enum verdict verdict);
const char *decided_by_name(enum decided_by decided_by);

/* "could not be decided": for people, translated. */
const char *verdict_text(enum verdict verdict);

/* The verdict of this name; VERDICT_ERROR if there is none, or for NULL. */
enum verdict verdict_find(const char *name);

#endif
