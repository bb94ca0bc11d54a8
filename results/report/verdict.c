#include "results/report/verdict.h"

#include "results/page/html.h"
#include "results/page/words.h"
#include "results/report/verdict_bench.h"
#include "results/report/verdict_compare.h"
#include "text/number.h"

#include <math.h>
#include <string.h>

typedef void verdict_function(struct bytes *out, const struct run *run);

/*** A load ***/

/* With all its digits; a dash if it is not known. */
static void append_count(struct bytes *out, double count)
{
    if (isfinite(count))
        bytes_print(out, "%.0f", count);
    else
        number_append(out, UNIT_COUNT, count, NAN);
}

static void append_latency(struct bytes *out, const json_t *result)
{
    char half[NUMBER_TEXT_BYTES];
    char most[NUMBER_TEXT_BYTES];
    double half_ns = run_number(result, "latency_ns", "p50");
    double most_ns = run_number(result, "latency_ns", "p99");
    if (isfinite(half_ns))
        bytes_print(out,
                    "<li>half of the requests took no more than %s, 99 %% no more than %s</li>\n",
                    number_text(half, UNIT_NANOSECONDS, half_ns, NAN),
                    number_text(most, UNIT_NANOSECONDS, most_ns, NAN));
}

static void append_load(struct bytes *out, const struct run *run)
{
    const json_t *result = run->document->results[0].json;
    const char *validity = run_text(result, "validity", "verdict");
    words_begin_score(out, validity);
    if (validity != NULL)
        bytes_print(out, "<b>%s</b>: ", validity);
    append_count(out, run_number(result, "clients", "served"));
    bytes_print(out, " of ");
    append_count(out, run_number(result, "clients", "asked"));
    bytes_print(out, " clients served, ");
    number_append(out, UNIT_PER_SECOND, run_number(result, NULL, "throughput_per_s"), NAN);
    bytes_print(out, "</p>\n<ul>");
    append_latency(out, result);
    bytes_print(out, "<li>");
    append_count(out, run_number(json_object_get(result, "requests"), "failed", "total"));
    bytes_print(out, " requests failed</li></ul>\n");
}

/*** Trouble ***/

static void append_trouble_of(struct bytes *out, const struct run *run, const json_t *result)
{
    const char *trouble = run_text(result, NULL, "trouble");
    const char *validity = run_text(result, "validity", "verdict");
    const json_t *reasons = run_field(result, "validity", "reasons");
    if (trouble == NULL && (validity == NULL || strcmp(validity, "valid") == 0))
        return;
    html_print(out, "<li><b>%s", row_target(result));
    if (run->cells.count > 1)
        html_print(out, ", %s", run_text(result, "cell", "name"));
    html_print(out,
               trouble != NULL ? "</b>: %s" : "</b>: %s: ", trouble != NULL ? trouble : validity);
    if (trouble == NULL)
        words_append_list(out, reasons);
    bytes_print(out, "</li>\n");
}

static void append_troubles(struct bytes *out, const struct run *run)
{
    struct bytes list = {0};
    if (json_is_true(json_object_get(run->document->json, "interrupted")))
        bytes_print(&list, "<li>The run was interrupted: there is less than was planned.</li>\n");
    run_each_result (result, run->document)
        append_trouble_of(&list, run, result->json);
    if (list.length > 0) {
        bytes_print(out, "<h3>What to be careful with</h3>\n<ul class=\"troubles\">\n");
        bytes_append(out, bytes_front(&list), list.length);
        bytes_print(out, "</ul>\n");
    }
    bytes_release(&list);
}

/*** All ***/

void verdict_append(struct bytes *out, const struct run *run)
{
    static verdict_function *const append_of[] = {
        [RUN_LOAD] = append_load,
        [RUN_BENCH] = verdict_append_bench,
        [RUN_COMPARE] = verdict_append_compare,
    };
    bytes_print(out, "<div class=\"verdict\">\n");
    append_of[run->document->kind](out, run);
    bytes_print(out, "</div>\n");
    append_troubles(out, run);
}
