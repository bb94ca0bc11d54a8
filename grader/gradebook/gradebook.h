/* Gradebooks: grades in the formats of those who keep them. Pure functions from grade documents to
 * bytes; they read no clock, no environment and no file.
 *
 * Verdicts, in every format: full marks only where the document gives them; an inconclusive check
 * has the points that the document gives it and says that it could not be decided; an error of
 * proctor's own is never a zero, but whatever the format has for "no grade".
 *
 * Readers: students read all formats but JUnit and the two for Moodle. Of a hidden check they see
 * only that it exists, and its points. Moodle's feedback names all checks, so a teacher should not
 * show it to students before the due date. Only Gradescope is told when a check may be shown. */
#ifndef GRADER_GRADEBOOK_GRADEBOOK_H
#define GRADER_GRADEBOOK_GRADEBOOK_H

#include "base/bytes.h"
#include "grader/gradebook/graded.h"

struct gradebook {
    const char *name;
    const char *summary;            /* for a list, a part of a sentence */
    const char *file;               /* what it is usually called; "-": standard output */
    bool takes_many;                /* submissions; otherwise exactly one */
    enum audience audience;         /* who reads it */
    const struct gradebook *beside; /* written with it, or NULL */

    /* Appends what comes before the first of an array of grade documents. NULL: nothing. */
    void (*begin)(const json_t *grades, struct bytes *out);

    /* Appends the rendering of one submission's grade. Where the format wants no file rather than
     * one without a grade, nothing is appended: then no file is to be written. */
    void (*render)(const struct graded *graded, struct bytes *out);

    const char *end; /* what comes after the last. NULL: nothing */
};

extern const struct gradebook gradebook_gradescope;
extern const struct gradebook gradebook_junit;
extern const struct gradebook gradebook_tap;
extern const struct gradebook gradebook_moodle;
extern const struct gradebook gradebook_moodle_rest;
extern const struct gradebook gradebook_classroom;
extern const struct gradebook gradebook_classroom50;
extern const struct gradebook gradebook_github;
extern const struct gradebook gradebook_github_summary;
extern const struct gradebook gradebook_prairielearn;
extern const struct gradebook gradebook_vpl;
extern const struct gradebook gradebook_autolab;
extern const struct gradebook gradebook_text;
extern const struct gradebook gradebook_html;

#endif
