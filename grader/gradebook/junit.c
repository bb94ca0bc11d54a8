/* JUnit's XML, in the part that GitLab and the actions of GitHub both read: one level of suites,
 * one for each submission, and at most one outcome in a case.
 *
 * GitLab identifies a case by its classname and its name and drops duplicates; the number of the
 * check, and of a submission whose id comes again, make them unique. GitLab shows the text of a
 * failure, other readers its message. Output never goes into system-out, where GitLab looks for
 * attachments. Staff read this: all checks are named. An error of proctor's own is a case of its
 * own, with an <error>. */
#include "base/language.h"
#include "grader/gradebook/gradebook.h"
#include "grader/gradebook/graded_text.h"

#include <string.h>

/* The child element of a case, by its verdict; NULL: none. */
static const char *const outcomes[] = {
    [VERDICT_PASS] = NULL,         [VERDICT_PARTIAL] = "failure",
    [VERDICT_FAIL] = "failure",    [VERDICT_INCONCLUSIVE] = "skipped",
    [VERDICT_SKIPPED] = "skipped", [VERDICT_ERROR] = "error",
};

static void append_suite_name(struct bytes *out, const struct graded *graded)
{
    if (graded_has_text(graded->submission))
        graded_append(out, graded->submission, SANITISE_XML);
    else
        bytes_print(out, "submission");
    if (graded->occurrence > 1)
        bytes_print(out, " (%zu)", graded->occurrence);
}

static void append_outcome(struct bytes *out, const struct graded_check *check)
{
    const char *outcome = outcomes[check->verdict];
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

static void append_case(struct bytes *out, const struct graded *graded,
                        const struct graded_check *check)
{
    bytes_print(out, "  <testcase classname=\"");
    append_suite_name(out, graded);
    bytes_print(out, "\" name=\"%zu. ", check->number);
    graded_append_title(out, check, SANITISE_XML);
    bytes_print(out, "\" time=\"%.3f\">\n", check->duration_s);
    bytes_print(out, "   <properties><property name=\"points\" value=\"%s\"/></properties>\n",
                graded_share(check->points, check->max_points).text);
    append_outcome(out, check);
    bytes_print(out, "  </testcase>\n");
}

static void append_error_case(struct bytes *out, const struct graded *graded)
{
    bytes_print(out, "  <testcase classname=\"");
    append_suite_name(out, graded);
    bytes_print(out,
                "\" name=\"0. the grader itself\" time=\"0.000\">\n"
                "   <error message=\"%s\" type=\"",
                _("the grader had a problem"));
    graded_append(out, json_object_get(json_object_get(graded->document, "error"), "step"),
                  SANITISE_XML);
    bytes_print(out, "\">");
    graded_append_error(out, graded, SANITISE_XML);
    bytes_print(out, "</error>\n  </testcase>\n");
}

static size_t count_outcomes(const struct graded *graded, const char *outcome)
{
    size_t count = 0;
    struct graded_check check = {0};
    while (graded_next_check(&check, graded)) {
        const char *its = outcomes[check.verdict];
        count += its != NULL && strcmp(its, outcome) == 0;
    }
    return count;
}

static void render(const struct graded *graded, struct bytes *out)
{
    size_t own_errors = graded->has_points ? 0 : 1;
    bytes_print(out, " <testsuite name=\"");
    append_suite_name(out, graded);
    bytes_print(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
                graded->check_count + own_errors, count_outcomes(graded, "failure"),
                count_outcomes(graded, "error") + own_errors, count_outcomes(graded, "skipped"));
    bytes_print(out, " time=\"%.3f\" timestamp=\"", graded->duration_s);
    graded_append(out, graded->time, SANITISE_XML);
    bytes_print(out, "\">\n");
    if (own_errors > 0)
        append_error_case(out, graded);
    struct graded_check check = {0};
    while (graded_next_check(&check, graded))
        append_case(out, graded, &check);
    bytes_print(out, " </testsuite>\n");
}

static void begin(const json_t *grades, struct bytes *out)
{
    (void)grades;
    bytes_print(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
}

const struct gradebook gradebook_junit = {
    .name = "junit",
    .summary = "JUnit XML, as GitLab and GitHub actions read it; for staff",
    .file = "junit.xml",
    .takes_many = true,
    .audience = AUDIENCE_STAFF,
    .begin = begin,
    .render = render,
    .end = "</testsuites>\n",
};
