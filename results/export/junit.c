/* JUnit's XML, in the part that GitLab and the actions of GitHub both read (as in
 * grader/gradebook/junit.c): one level of suites, and at most one outcome in a case.
 *
 * Of a compare its verdict and each comparison are cases: worse is a <failure> of type
 * "regression", but only where it was to decide; what could not be decided is <skipped>, with the
 * change that could at least be excluded. A copy of the base that differs from the base is skipped
 * too, as then nothing else is sure. Of a bench and a load each target under each load is a case.
 * A case has the time 0, as all were measured together, and readers make NaN of one without.
 * Trouble is an <error>, and figures that call themselves invalid are skipped. Key numbers stand in
 * properties and once more, for those who do not read these, in system-out; only numbers and our
 * own words go there. */
#include "base/memory.h"
#include "results/document/json_text.h"
#include "results/export/exporter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum outcome { PASSED, FAILED, ERROR, SKIPPED, OUTCOMES };

static const char *const elements[] = {
    [FAILED] = "failure",
    [ERROR] = "error",
    [SKIPPED] = "skipped",
};

struct suite {
    const struct run_document *document;
    const char *name;
    struct bytes cases;
    struct bytes lines; /* for system-out, of the case under way */
    size_t counts[OUTCOMES];
};

static void begin_case(struct suite *suite, enum outcome outcome, const char *class_name,
                       const char *name)
{
    suite->counts[outcome]++;
    sanitise_print(&suite->cases, SANITISE_XML,
                   "  <testcase classname=\"%s\" name=\"%s\" time=\"0\">\n", class_name, name);
}

static void append_outcome(struct suite *suite, enum outcome outcome, const char *type,
                           const char *message)
{
    const char *element = elements[outcome];
    if (outcome == SKIPPED)
        sanitise_print(&suite->cases, SANITISE_XML, "   <%s message=\"%s\"/>\n", element, message);
    else if (outcome != PASSED)
        sanitise_print(&suite->cases, SANITISE_XML, "   <%s message=\"%s\" type=\"%s\">%s</%s>\n",
                       element, message, type, message, element);
}

static void append_property(struct suite *suite, const char *name, double value)
{
    if (isnan(value))
        return;
    bytes_print(&suite->cases, "<property name=\"%s\" value=\"%.9g\"/>", name, value);
    bytes_print(&suite->lines, "%s %.9g\n", name, value);
}

static void end_case(struct suite *suite)
{
    if (suite->lines.length > 0)
        bytes_print(&suite->cases, "   <system-out>%.*s</system-out>\n", (int)suite->lines.length,
                    bytes_front(&suite->lines));
    bytes_print(&suite->cases, "  </testcase>\n");
    bytes_release(&suite->lines);
}

/*** Comparisons ***/

static enum outcome outcome_of(const struct run_comparison *comparison, bool is_control)
{
    if (is_control)
        return decision_is_change(comparison->verdict) ? SKIPPED : PASSED;
    if (comparison->verdict == DECISION_WORSE)
        return comparison->is_gated ? FAILED : SKIPPED;
    return comparison->verdict == DECISION_INCONCLUSIVE ? SKIPPED : PASSED;
}

static void append_comparison(struct suite *suite, const struct run_comparison *comparison,
                              bool is_control)
{
    enum outcome outcome = outcome_of(comparison, is_control);
    begin_case(suite, outcome, comparison->cell, comparison->title);
    bytes_print(&suite->cases, "   <properties>");
    append_property(suite, "base", comparison->base);
    append_property(suite, "new", comparison->new);
    append_property(suite, "change", comparison->change);
    append_property(suite, "excluded", comparison->excluded);
    bytes_print(&suite->cases, "</properties>\n");
    char *finding = export_finding(comparison);
    append_outcome(suite, outcome, "regression", finding);
    free(finding);
    end_case(suite);
}

static void append_comparisons(struct suite *suite, const struct run_comparisons *comparisons,
                               bool are_controls)
{
    run_each_comparison (comparison, comparisons)
        append_comparison(suite, comparison, are_controls);
}

/* Of the whole: a compare in which nothing could be measured has no other case. */
static void append_verdict(struct suite *suite)
{
    static const enum outcome outcomes[] = {
        [DECISION_SAME] = PASSED,
        [DECISION_BETTER] = PASSED,
        [DECISION_WORSE] = FAILED,
        [DECISION_INCONCLUSIVE] = SKIPPED,
    };
    const struct run_document *document = suite->document;
    if (document->kind != RUN_COMPARE)
        return;
    enum outcome outcome = outcomes[document->verdict];
    char *verdict = export_verdict(document);
    begin_case(suite, outcome, "proctor compare", "verdict");
    append_outcome(suite, outcome, "regression", verdict);
    end_case(suite);
    free(verdict);
}

/*** Results ***/

/* Why the figures of a result are none. The caller frees. */
static char *fault_of(const struct run_result *result)
{
    if (result->trouble != NULL)
        return text_of("%s", result->trouble);
    struct bytes fault = {0};
    const json_t *reasons = run_field(result->json, "validity", "reasons");
    bytes_print(&fault, "the figures are invalid");
    for (size_t i = 0; i < json_array_size(reasons); i++)
        sanitise_print(&fault, SANITISE_STRING, i == 0 ? ": %s" : "; %s",
                       json_string_value(json_array_get(reasons, i)));
    return bytes_take_text(&fault);
}

static void append_result(struct suite *suite, const struct run_result *result)
{
    bool is_usable = run_result_is_usable(result);
    enum outcome outcome = result->trouble != NULL ? ERROR : is_usable ? PASSED : SKIPPED;
    const char *side = side_name(result->side);
    begin_case(suite, outcome, result->cell, side != NULL ? side : result->target);
    bytes_print(&suite->cases, "   <properties>");
    for (const struct run_metric *metric = run_metrics; metric->name != NULL && is_usable; metric++)
        append_property(suite, metric->name, run_result_value(result, metric).value);
    bytes_print(&suite->cases, "</properties>\n");
    char *fault = fault_of(result);
    append_outcome(suite, outcome, "trouble", fault);
    free(fault);
    end_case(suite);
}

static void append_results(struct suite *suite)
{
    run_each_result (result, suite->document)
        append_result(suite, result);
}

/*** The whole ***/

/* Without the letter of its zone, which is always UTC's. */
static void append_time(struct bytes *out, const struct run_document *document)
{
    struct bytes time = {0};
    sanitise_print(&time, SANITISE_STRING, "%s", run_text(document->json, NULL, "time"));
    if (time.length > 0 && bytes_front(&time)[time.length - 1] == 'Z')
        time.length--;
    if (time.length > 0)
        sanitise(out, bytes_front(&time), time.length, SANITISE_XML);
    bytes_release(&time);
}

static void append_counts(struct bytes *out, const size_t counts[OUTCOMES])
{
    bytes_print(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
                counts[PASSED] + counts[FAILED] + counts[ERROR] + counts[SKIPPED], counts[FAILED],
                counts[ERROR], counts[SKIPPED]);
}

static void append_suite(struct bytes *out, struct suite *suite)
{
    double elapsed_s = run_number(suite->document->json, NULL, "elapsed_s");
    bytes_print(out, " <testsuite name=\"%s\"", suite->name);
    append_counts(out, suite->counts);
    if (!isnan(elapsed_s))
        bytes_print(out, " time=\"%.3f\"", elapsed_s);
    bytes_print(out, " timestamp=\"");
    append_time(out, suite->document);
    bytes_print(out, "\">\n");
    if (suite->cases.length > 0)
        bytes_append(out, bytes_front(&suite->cases), suite->cases.length);
    bytes_print(out, " </testsuite>\n");
    bytes_release(&suite->cases);
}

static void render(const struct run_document *document, struct bytes *out)
{
    bool is_compare = document->kind == RUN_COMPARE;
    struct suite suites[] = {
        {.document = document, .name = "proctor compare"},
        {.document = document, .name = "proctor compare: base against a copy of it"},
        {.document = document, .name = is_compare ? "proctor compare: servers" : "proctor"},
    };
    append_verdict(&suites[0]);
    append_comparisons(&suites[0], &document->comparisons, false);
    append_comparisons(&suites[1], &document->controls, true);
    append_results(&suites[2]);
    size_t totals[OUTCOMES] = {0};
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < OUTCOMES; j++)
            totals[j] += suites[i].counts[j];
    bytes_print(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"proctor\"");
    append_counts(out, totals);
    bytes_print(out, ">\n");
    for (size_t i = is_compare ? 0 : 2; i < 3; i++)
        append_suite(out, &suites[i]);
    bytes_print(out, "</testsuites>\n");
}

const struct exporter export_junit = {
    .name = "junit",
    .summary = "JUnit XML: a case for each comparison, or for each server under each load",
    .files = {{NULL, render}},
};
