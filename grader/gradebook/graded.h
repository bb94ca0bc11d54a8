/* A grade document as those see it who render it: what every gradebook asks of one.
 *
 * The document ("proctor.grade/1") is read with the reader in mind. A check that is hidden from the
 * students has, in what they read, neither name nor texts: the fields below are NULL, so that no
 * gradebook can tell what it must not. "hidden" and "after" (the due date) are both hidden here, as
 * a rendering knows no date; a platform that does is told the difference (`visibility`).
 *
 * Texts leave a document by graded_append() and the functions beside it, all of which sanitise. */
#ifndef GRADER_GRADEBOOK_GRADED_H
#define GRADER_GRADEBOOK_GRADED_H

#include "base/bytes.h"
#include "grader/play/verdict.h"
#include "text/sanitise.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum audience { AUDIENCE_STUDENTS, AUDIENCE_STAFF };

enum graded_visibility { GRADED_SHOWN, GRADED_HIDDEN, GRADED_AFTER_DUE_DATE };

/* All of it belongs to the document. */
struct graded {
    const json_t *document;
    enum verdict verdict;
    bool has_points; /* false: proctor has failed, and there is no grade */
    double points;
    double max_points;
    const json_t *submission; /* its id */
    const json_t *title;      /* of the assignment, or its id */
    const json_t *time;
    size_t check_count;
    size_t hidden_count; /* of the checks, those that are not shown to students at once */
    double duration_s;   /* of all checks */
};

struct graded_check {
    size_t number; /* from 1, in the document's order */
    enum graded_visibility visibility;
    bool is_hidden; /* from this audience */
    enum verdict verdict;
    double points;
    double max_points;
    double duration_s;
    const json_t *id; /* this and the following: NULL if hidden, and where there is none */
    const json_t *title;
    const json_t *finding;
    const json_t *hint;
    const json_t *evidence;
    const json_t *timeline;
    const json_t *left_out; /* of the timeline */
    bool is_decided_by_timeout;
};

void graded_read(struct graded *graded, const json_t *document);

/* Of an array that holds one document. */
void graded_read_only(struct graded *graded, const json_t *grades);

/* The check at `index`, as far as the audience may see it. */
void graded_read_check(struct graded_check *check, const struct graded *graded, size_t index,
                       enum audience audience);

/*** Texts ***/

bool graded_has_text(const json_t *text);

/* A string of the document, of which only so much is shown; nothing if it is no string. */
void graded_append(struct bytes *out, const json_t *text, enum sanitise_mode mode);

/* The same as a string of its own, to be freed. */
char *graded_text(const json_t *text, enum sanitise_mode mode);

/* Our own words, and what was put together of SANITISE_STRING. */
void graded_append_bytes(struct bytes *out, const struct bytes *text, enum sanitise_mode mode);

/* The title, or that the check is hidden. */
void graded_append_title(struct bytes *out, const struct graded_check *check,
                         enum sanitise_mode mode);

/* "7.5", with at most four decimals. */
void graded_append_points(struct bytes *out, double points);

/* "7.5 of 10". */
void graded_append_earned(struct bytes *out, const struct graded_check *check);

/* "7.5 of 10 points". */
void graded_append_earned_points(struct bytes *out, const struct graded_check *check);

/* "7.5 of 10 points (partial)", or that there is no grade. */
void graded_append_score(struct bytes *out, const struct graded *graded, enum sanitise_mode mode);

/* What a check that has not passed has found, on one line: "not run: …". */
void graded_append_finding(struct bytes *out, const struct graded_check *check,
                           enum sanitise_mode mode);

/* The finding, the evidence and the hint, each on lines of its own. Hidden: nothing. */
void graded_append_explanation(struct bytes *out, const struct graded_check *check,
                               enum sanitise_mode mode);

/* What proctor itself has failed in, and that this is no grade. */
void graded_append_error(struct bytes *out, const struct graded *graded, enum sanitise_mode mode);

/* "thread: as …", and nothing if the document says nothing of a model. */
void graded_append_model(struct bytes *out, const struct graded *graded, enum sanitise_mode mode);

/*** JSON ***/

/* A number without decimals where it has none. The caller owns it. */
json_t *graded_number(double value);

/* A string of what was collected, sanitised; releases it. The caller owns the string. */
json_t *graded_string(struct bytes *text);

/* The same of a string of the document. */
json_t *graded_copy(const json_t *text);

/* Writes a document of several lines and lets go of it. */
void graded_append_json(struct bytes *out, json_t *document);

#endif
