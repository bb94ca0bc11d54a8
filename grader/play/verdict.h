/* The outcome of a check. What the submission did and what proctor could not do never mix. */
#ifndef GRADER_PLAY_VERDICT_H
#define GRADER_PLAY_VERDICT_H

enum verdict {
    VERDICT_PASS,
    VERDICT_FAIL,
    VERDICT_INCONCLUSIVE, /* nothing could be concluded, for a reason given */
    VERDICT_PARTIAL,      /* a part of a scene is as it should be */
    VERDICT_SKIPPED,      /* an earlier check has made this one pointless */
};

enum decided_by {
    DECIDED_BY_EVIDENCE,
    DECIDED_BY_TIMEOUT, /* the last resort: nothing had settled within the patience */
};

/* "pass", "evidence" and so on, as they stand in documents. */
const char *verdict_name(enum verdict verdict);
const char *decided_by_name(enum decided_by decided_by);

/* The same for people, in the language that is spoken. */
const char *verdict_text(enum verdict verdict);

#endif
