/* A grade document as gradebooks see it.
 *
 * The document ("proctor.grade/1") is read for an audience. A check that is hidden from students
 * has neither name nor texts in what they read: the fields below are NULL, so no gradebook can
 * reveal them. "hidden" and "after" (the due date) are both hidden here, as a rendering knows no
 * date; a platform that does is told the difference (`visibility`).
 *
 * Texts leave a document through the functions of graded_text.h, all of which sanitise. */
#ifndef GRADER_GRADEBOOK_GRADED_H
#define GRADER_GRADEBOOK_GRADED_H

#include "grader/play/verdict.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum audience { AUDIENCE_STUDENTS, AUDIENCE_STAFF };

enum graded_visibility { GRADED_SHOWN, GRADED_HIDDEN, GRADED_AFTER_DUE_DATE };

/* All of it belongs to the document. */
struct graded {
    const json_t *document;
    enum audience audience; /* of what is rendered */
    enum verdict verdict;
    bool has_points; /* false: proctor has failed, and there is no grade */
    double points;
    double max_points;
    const json_t *submission; /* its id */
    size_t occurrence;        /* of this id among the documents that are rendered, from 1 */
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
    bool is_decided_by_clock;
};

void graded_read(struct graded *graded, const json_t *document, enum audience audience);

/* Reads the check after `*check` as far as the audience may see it, the first one after {0}. False
 * after the last. */
bool graded_next_check(struct graded_check *check, const struct graded *graded);

/* The check of a document that is called so, or NULL. */
const json_t *graded_find_check(const json_t *document, const char *id);

/* What the submission of a document is called; "" if the document does not say. */
const char *graded_id(const json_t *document);

/* Was nothing of the submission run, because it could not be taken in or built? */
bool graded_was_not_run(const json_t *document);

/* Has it passed, in a format that knows only "passed" and "failed"? An undecided check has if the
 * grading gave it all points; so has a hidden one, which must tell no more than its points. */
bool graded_has_passed(const struct graded_check *check);

bool graded_has_text(const json_t *text);

#endif
