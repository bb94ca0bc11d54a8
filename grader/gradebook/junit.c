/* JUnit's XML, in the part that GitLab and the actions of GitHub both read: one level of suites,
 * one for each submission, and at most one outcome in a case.
 *
 * GitLab knows a case by its classname and its name and drops others of the same; the number of the
 * check, and of a submission that comes again, keep them apart. It shows the text of a failure,
 * others its message. What was printed goes nowhere into system-out, where GitLab looks for
 * attachments. Staff read this: all checks are named. An error of proctor's own is a case of its
 * own, with an <error>. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded.h"

#include <string.h>

/* The child that a verdict has, or NULL. */
static const char *outcome_of(enum verdict verdict)
{
    static const char *const outcomes[] = {
        [VERDICT_PASS] = NULL,         [VERDICT_PARTIAL] = "failure",
        [VERDICT_FAIL] = "failure",    [VERDICT_INCONCLUSIVE] = "skipped",
        [VERDICT_SKIPPED] = "skipped", [VERDICT_ERROR] = "error",
    };
    return outcomes[verdict];
}

struct suite {
    const struct graded *graded;
    size_t occurrence; /* of this submission among the documents, from 1 */
};

static void append_suite_name(struct bytes *out, const struct suite *suite)
{
    if (graded_has_text(suite->graded->submission))
        graded_append(out, suite->graded->submission, SANITISE_XML);
    else
        bytes_print(out, "submission");
    if (suite->occurrence > 1)
        bytes_print(out, " (%zu)", suite->occurrence);
}

static void append_points(struct bytes *out, const struct graded_check *check)
{
    bytes_print(out, "   <properties><property name=\"points\" value=\"");
    graded_append_points(out, check->points);
    bytes_print(out, "/");
    graded_append_points(out, check->max_points);
    bytes_print(out, "\"/></properties>\n");
}

static void append_outcome(struct bytes *out, const struct graded_check *check)
{
    const char *outcome = outcome_of(check->verdict);
    if (outcome == NULL)
        return;
    bytes_print(out, "   <%s message=\"", outcome);
    graded_append_finding(out, check, SANITISE_XML);
    if (strcmp(outcome, "skipped") == 0)
        bytes_print(out, "\">");
    else
        bytes_print(out, "\" type=\"%s\">", verdict_name(check->verdict));
    graded_append_explanation(out, check, SANITISE_XML);
    bytes_print(out, "</%s>\n", outcome);
}

static void append_case(struct bytes *out, const struct suite *suite,
                        const struct graded_check *check)
{
    bytes_print(out, "  <testcase classname=\"");
    append_suite_name(out, suite);
    bytes_print(out, "\" name=\"%zu. ", check->number);
    graded_append_title(out, check, SANITISE_XML);
    bytes_print(out, "\" time=\"%.3f\">\n", check->duration_s);
    append_points(out, check);
    append_outcome(out, check);
    bytes_print(out, "  </testcase>\n");
}

static void append_error_case(struct bytes *out, const struct suite *suite)
{
    bytes_print(out, "  <testcase classname=\"");
    append_suite_name(out, suite);
    bytes_print(out,
                "\" name=\"0. the grader itself\" time=\"0.000\">\n"
                "   <error message=\"%s\" type=\"",
                _("the grader had a problem"));
    graded_append(out, json_object_get(json_object_get(suite->graded->document, "error"), "step"),
                  SANITISE_XML);
    bytes_print(out, "\">");
    graded_append_error(out, suite->graded, SANITISE_XML);
    bytes_print(out, "</error>\n  </testcase>\n");
}

static size_t count_outcomes(const struct graded *graded, const char *outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < graded->check_count; i++) {
        struct graded_check check;
        graded_read_check(&check, graded, i, AUDIENCE_STAFF);
        const char *its = outcome_of(check.verdict);
        count += its != NULL && strcmp(its, outcome) == 0;
    }
    return count;
}

static void append_suite(struct bytes *out, const struct suite *suite)
{
    const struct graded *graded = suite->graded;
    size_t own_errors = graded->has_points ? 0 : 1;
    bytes_print(out, " <testsuite name=\"");
    append_suite_name(out, suite);
    bytes_print(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
                graded->check_count + own_errors, count_outcomes(graded, "failure"),
                count_outcomes(graded, "error") + own_errors, count_outcomes(graded, "skipped"));
    bytes_print(out, " time=\"%.3f\" timestamp=\"", graded->duration_s);
    graded_append(out, graded->time, SANITISE_XML);
    bytes_print(out, "\">\n");
    if (own_errors > 0)
        append_error_case(out, suite);
    for (size_t i = 0; i < graded->check_count; i++) {
        struct graded_check check;
        graded_read_check(&check, graded, i, AUDIENCE_STAFF);
        append_case(out, suite, &check);
    }
    bytes_print(out, " </testsuite>\n");
}

static size_t count_occurrences(const json_t *grades, size_t until, const json_t *submission)
{
    size_t count = 1;
    for (size_t i = 0; i < until; i++) {
        struct graded other;
        graded_read(&other, json_array_get(grades, i));
        bool have_none = !graded_has_text(other.submission) && !graded_has_text(submission);
        count += have_none || json_equal(other.submission, submission) != 0;
    }
    return count;
}

static void render(const json_t *grades, struct bytes *out)
{
    bytes_print(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (size_t i = 0; i < json_array_size(grades); i++) {
        struct graded graded;
        graded_read(&graded, json_array_get(grades, i));
        append_suite(out, &(struct suite){
                              .graded = &graded,
                              .occurrence = count_occurrences(grades, i, graded.submission),
                          });
    }
    bytes_print(out, "</testsuites>\n");
}

const struct gradebook gradebook_junit = {
    .name = "junit",
    .summary = "JUnit XML, as GitLab and GitHub actions read it; for staff",
    .file = "junit.xml",
    .takes_many = true,
    .render = render,
};
