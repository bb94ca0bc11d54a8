#include "bench/compare/text.h"

#include "bench/compare/verdict.h"
#include "text/sanitise.h"
#include "text/table.h"

#include <math.h>

static void add_share(struct table *table, double share)
{
    if (isfinite(share))
        table_add(table, "%+.1f%%", 100 * share);
    else
        table_add(table, "-");
}

/* Few blocks have none of 95 %; then it is the widest there is, and says what it holds with. */
static void add_interval(struct table *table, const struct paired_estimate *estimate)
{
    char confidence[16] = "";
    if (!compared_has_interval(estimate)) {
        table_add(table, "-");
        return;
    }
    if (!estimate->is_exact_level)
        snprintf(confidence, sizeof confidence, " (%.0f %%)", 100 * estimate->confidence);
    table_add(table, "%+.1f%% … %+.1f%%%s", 100 * paired_change(estimate->low),
              100 * paired_change(estimate->high), confidence);
}

static void add_metric(struct table *table, const struct compared *compared)
{
    char text[NUMBER_TEXT_BYTES];
    bool is_counted = compared->by == COMPARED_BY_COUNT;
    table_add(table, "%s", run_metrics[compared->metric].name);
    for (enum side side = SIDE_BASE; side <= SIDE_NEW; side++)
        table_add(table, "%s", bench_metric_text(compared->metric, compared->values[side], text));
    add_share(table, compared_change(compared, SIDE_NEW));
    if (is_counted)
        table_add(table, "counted");
    else
        add_interval(table, &compared->estimates[SIDE_NEW]);
    add_share(table, is_counted ? NAN : compared_change(compared, SIDE_CONTROL));
    table_add(table, "%s%s", decision_word(compared->verdict),
              compared->is_gated ? "" : " (shown only)");
}

static void print_table(FILE *stream, const struct comparison *comparison)
{
    static const char *const headings[] = {"metric", "base",           "new",    "worse by",
                                           "95 %",   "base's copy by", "verdict"};
    struct table table;
    table_init(&table, sizeof headings / sizeof headings[0], headings);
    for (size_t i = 0; i < METRICS; i++)
        if (compared_is_measured(&comparison->metrics[i]))
            add_metric(&table, &comparison->metrics[i]);
    table_print(&table, stream);
    table_release(&table);
}

static void print_dropped(FILE *stream, const struct comparison *comparison)
{
    const struct bench_cell *bench = &comparison->bench;
    const char *first = NULL;
    for (size_t i = 0; i < bench->slice_count && first == NULL; i++)
        first = bench->slices[i].dropped;
    if (comparison->dropped > 0)
        fprintf(stream, "%zu block%s did not count; the first because %s\n", comparison->dropped,
                comparison->dropped == 1 ? "" : "s", first);
}

static void print_reasons(FILE *stream, const struct comparison *comparison)
{
    size_t number = 0;
    json_t *obstacle = NULL;
    json_t *obstacles = comparison_obstacles(comparison);
    json_array_foreach (obstacles, number, obstacle)
        sanitise_say(stream, SANITISE_LINE, "%s\n", json_string_value(obstacle));
    json_decref(obstacles);
    for (size_t i = 0; i < METRICS; i++)
        if (comparison->metrics[i].reason != NULL)
            sanitise_say(stream, SANITISE_LINE, "%s is %s: %s\n", run_metrics[i].name,
                         decision_word(comparison->metrics[i].verdict),
                         comparison->metrics[i].reason);
    for (size_t i = 0; i < METRICS; i++)
        if (comparison_cannot_count(comparison, (enum metric)i))
            fprintf(stream, "%s could not be counted here and is not gated%s%s\n",
                    run_metrics[i].name, comparison->metrics[i].uncounted != NULL ? ": " : "",
                    comparison->metrics[i].uncounted != NULL ? comparison->metrics[i].uncounted
                                                             : "");
    if (comparison_is_generator_bound(comparison))
        fprintf(stream,
                "the load generator was busy for %.0f %% of the time: throughput and median "
                "latency are\nits own and only count where they are worse\n",
                100 * comparison->generator_share);
    print_dropped(stream, comparison);
    for (size_t i = 0; i < METRICS; i++) {
        const struct compared *compared = &comparison->metrics[i];
        const struct decision_look *last = compared_last_look(compared);
        if (last != NULL && compared->verdict == DECISION_INCONCLUSIVE &&
            isfinite(last->excluded_above))
            fprintf(stream, "%s: a change for the worse above %.1f %% is excluded\n",
                    run_metrics[compared->metric].name, 100 * last->excluded_above);
    }
}

static void print_verdict(FILE *stream, const struct comparison *comparison)
{
    static const char *const sentences[] = {
        [DECISION_SAME] = "same: no gated metric is worse by the amount to be caught",
        [DECISION_WORSE] = "worse: NEW has regressed",
        [DECISION_BETTER] = "better: NEW has gained and lost nothing",
        [DECISION_INCONCLUSIVE] = "inconclusive: the measurements do not settle it",
    };
    const struct decision_rule *rule = &comparison->plan->rule;
    fprintf(stream, "%s\n",
            comparison->trouble != NULL && comparison->trouble_of != SIDE_NEW
                ? "inconclusive: BASE itself is in trouble"
                : sentences[comparison->verdict]);
    if (comparison->trouble != NULL)
        sanitise_say(stream, SANITISE_LINE, "%s: %s\n", side_name(comparison->trouble_of),
                     comparison->trouble);
    fprintf(
        stream,
        "\n%zu blocks in %.1f s. A server that is worse by %.1f %% is called the same in at most "
        "%.0f %% of comparisons,\none that is worse by no more than %.1f %% is called worse "
        "in at most %.0f %% (docs/method.md).\n",
        comparison->blocks, comparison->elapsed_s, 100 * rule->must_catch, 100 * rule->false_same,
        100 * rule->indifference, 100 * rule->false_worse);
}

/* Of ranks, not of means. */
static void explain_starts(FILE *stream, const struct compared *compared)
{
    const struct decision_look *look = compared_last_look(compared);
    fprintf(stream,
            "\n%s, by the differences of %u starts of NEW and all of BASE and its copy:\n"
            "    worse than   %+.2f %%\n"
            "    better than  %+.2f %%\n"
            "    excluded     %+.2f %%  ->  %s\n",
            run_metrics[compared->metric].name, look->blocks, 100 * look->worse_than,
            100 * look->better_than, 100 * look->excluded_above, decision_word(look->decision));
}

static void explain_metric(FILE *stream, const struct compared *compared)
{
    if (compared->by == COMPARED_BY_STARTS) {
        explain_starts(stream, compared);
        return;
    }
    fprintf(stream, "\n%s, by look:\n", run_metrics[compared->metric].name);
    for (size_t i = 0; i < compared->look_count; i++) {
        const struct decision_look *look = &compared->looks[i];
        fprintf(stream,
                "  %u blocks: mean of the logarithms %+.5f, standard error %.5f\n"
                "    worse than   exp(%+.5f - %.2f * %.5f) - 1 = %+.2f %%\n"
                "    better than  exp(%+.5f + %.2f * %.5f) - 1 = %+.2f %%\n"
                "    excluded     exp(%+.5f + %.2f * %.5f) - 1 = %+.2f %%  ->  %s\n",
                look->blocks, look->mean, look->standard_error, look->mean, look->worse_multiplier,
                look->standard_error, 100 * look->worse_than, look->mean, look->worse_multiplier,
                look->standard_error, 100 * look->better_than, look->mean, look->same_multiplier,
                look->standard_error, 100 * look->excluded_above, decision_word(look->decision));
    }
}

void comparison_print(FILE *stream, const struct comparison *comparison, bool explains)
{
    print_table(stream, comparison);
    fputc('\n', stream);
    print_reasons(stream, comparison);
    print_verdict(stream, comparison);
    for (size_t i = 0; i < METRICS && explains; i++)
        if (comparison->metrics[i].look_count > 0)
            explain_metric(stream, &comparison->metrics[i]);
}
