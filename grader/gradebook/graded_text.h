/* The texts of a grade document, sanitised for who reads them, and the words that gradebooks have
 * in common. */
#ifndef GRADER_GRADEBOOK_GRADED_TEXT_H
#define GRADER_GRADEBOOK_GRADED_TEXT_H

#include "base/bytes.h"
#include "grader/gradebook/graded.h"
#include "text/sanitise.h"

/* A string of the document, of which only so much is shown; nothing if it is no string. */
void graded_append(struct bytes *out, const json_t *text, enum sanitise_mode mode);

/* The same as a string of its own, to be freed. */
char *graded_text(const json_t *text, enum sanitise_mode mode);

/* The same between two texts of ours; nothing at all where it is empty. */
void graded_append_between(struct bytes *out, const char *before, const json_t *text,
                           enum sanitise_mode mode, const char *after);

/* Our own words, and what was put together of SANITISE_STRING; releases `text`. */
void graded_append_bytes(struct bytes *out, struct bytes *text, enum sanitise_mode mode);

/* The title, or that the check is hidden. */
void graded_append_title(struct bytes *out, const struct graded_check *check,
                         enum sanitise_mode mode);

/* Points as text. It needs no sanitising. */
struct points_text {
    char text[160];
};

/* "7.5", with at most four decimals. */
struct points_text graded_points(double points);

/* "7.5/10". */
struct points_text graded_share(double points, double max_points);

/* "7.5 of 10". */
struct points_text graded_earned(const struct graded_check *check);

/* "7.5 of 10 points (partial)", or that there is no grade. */
void graded_append_score(struct bytes *out, const struct graded *graded, enum sanitise_mode mode);

/* What a check that has not passed has found, on one line: "not run: …". */
void graded_append_finding(struct bytes *out, const struct graded_check *check,
                           enum sanitise_mode mode);

/* The finding, the evidence and the hint, each on lines of its own. Hidden: nothing. */
void graded_append_explanation(struct bytes *out, const struct graded_check *check,
                               enum sanitise_mode mode);

/* All rows of evidence, each between two texts of ours. */
void graded_append_rows(struct bytes *out, const char *before, const json_t *evidence,
                        enum sanitise_mode mode, const char *after);

/* Text that is clean, each line of it after one of ours; releases `text`. */
void graded_append_lines(struct bytes *out, struct bytes *text, const char *before_first,
                         const char *before_others);

/* What proctor itself has failed in, and that this is no grade. */
void graded_append_error(struct bytes *out, const struct graded *graded, enum sanitise_mode mode);

/* "thread: as …", and nothing if the document says nothing of a model. */
void graded_append_model(struct bytes *out, const struct graded *graded, enum sanitise_mode mode);

/* "graded … by proctor …". */
void graded_append_origin(struct bytes *out, const struct graded *graded, enum sanitise_mode mode);

/* What was done to take the submission in, a line each; nothing if nothing was, otherwise with
 * `before` in front. To be sanitised. */
void graded_append_taken_in(struct bytes *out, const json_t *document, const char *before);

/* What proctor failed in, or which model it has recognised, and how the submission was taken in;
 * perhaps nothing. */
void graded_append_remarks(struct bytes *out, const struct graded *graded, enum sanitise_mode mode);

/* How many processes of the submission were left; NULL: none. To be freed. */
char *graded_left_running(const struct graded *graded);

/*** JSON ***/

/* A number without decimals where it has none. The caller owns it. */
json_t *graded_number(double value);

/* A string of what was collected, sanitised; releases it. The caller owns the string. */
json_t *graded_string(struct bytes *text);

/* The same of a string of the document. */
json_t *graded_copy(const json_t *text);

/* Strings of the title and of the explanation. The caller owns them. */
json_t *graded_title_string(const struct graded_check *check, enum sanitise_mode mode);
json_t *graded_explanation_string(const struct graded_check *check, enum sanitise_mode mode);

/* Writes a document of several lines and lets go of it. */
void graded_append_json(struct bytes *out, json_t *document);

#endif
