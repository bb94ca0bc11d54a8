/* Gradebooks: grades in the formats of those who keep them. Pure functions from grade documents to
 * bytes; they read no clock, no environment and no file.
 *
 * What each verdict becomes, in every format: full marks only where the document gives them; an
 * inconclusive check has the points that the document gives it and says that it could not be
 * decided; an error of proctor's own is never a zero, but whatever the format has for "no grade".
 *
 * Who reads. Students read all of them but JUnit's and Moodle's two, and learn of a hidden check
 * only that there is one, and its points; a teacher who lets Moodle show feedback to students
 * before the due date should know that it names all checks. Gradescope and only Gradescope is told
 * when a check may be shown. */
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

    /* Appends the rendering of one submission's grade. Nothing is appended where the format wants
     * no file to be there rather than one without a grade: then none must be written, and the exit
     * code must tell. */
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
