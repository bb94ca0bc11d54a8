#include "bench/compare/document.h"

#include "bench/compare/verdict.h"
#include "bench/rounds_document.h"
#include "loadgen/load_document.h"
#include "results/document/document.h"

#include <math.h>

/*** Metrics ***/

static json_t *describe_look(const struct decision_look *look)
{
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s}",             //
                     "blocks", (int)look->blocks,                                 //
                     "mean", document_number(look->mean),                         //
                     "standard_error", document_number(look->standard_error),     //
                     "lower", document_number(look->worse_than),                  //
                     "upper", document_number(look->excluded_above),              //
                     "better_than", document_number(look->better_than),           //
                     "worse_multiplier", document_number(look->worse_multiplier), //
                     "same_multiplier", document_number(look->same_multiplier),   //
                     "decision", decision_word(look->decision));
}

static json_t *describe_looks(const struct compared *compared)
{
    json_t *looks = json_array();
    for (size_t i = 0; i < compared->look_count; i++)
        json_array_append_new(looks, describe_look(&compared->looks[i]));
    return looks;
}

/* A count has no interval; an estimate also has the change that its blocks exclude. */
static json_t *describe_change(const struct compared *compared, enum side other)
{
    const struct decision_look *look =
        other == SIDE_NEW ? compared_last_look(compared) : &compared->control_look;
    double change = compared_change(compared, other);
    if (compared->by == COMPARED_BY_COUNT)
        return json_pack("{s:o, s:n, s:n, s:n}", "change", document_number(change), "low", "high",
                         "excluded");
    json_t *described = bench_describe_estimate(&compared->estimates[other]);
    if (!compared_has_interval(&compared->estimates[other])) {
        json_object_set_new(described, "low", json_null());
        json_object_set_new(described, "high", json_null());
    }
    json_object_set_new(described, "excluded",
                        document_number(look != NULL ? look->excluded_above : NAN));
    return described;
}

/* NEW, or BASE's copy, compared with BASE. */
static json_t *describe_metric(const struct compared *compared, enum side other)
{
    bool is_new = other == SIDE_NEW;
    enum decision verdict = is_new ? compared->verdict : compared->control_look.decision;
    json_t *described = describe_change(compared, other);
    json_object_update_new(
        described,
        json_pack("{s:s, s:b, s:b, s:o, s:o, s:s, s:o}",                                   //
                  "metric", run_metrics[compared->metric].name,                            //
                  "gated", compared->is_gated, "exact", compared->by == COMPARED_BY_COUNT, //
                  "base", document_number(compared->values[SIDE_BASE]),                    //
                  "new", document_number(compared->values[other]),                         //
                  "verdict", decision_word(verdict),                                       //
                  "blocks",
                  bench_describe_numbers(compared->shifts.of[other], compared->block_count)));
    if (!is_new)
        return described;
    json_object_set_new(described, "reason", json_pack("s?", compared->reason));
    json_object_set_new(described, "looks", describe_looks(compared));
    return described;
}

static json_t *describe_metrics(const struct comparison *comparison, enum side other)
{
    json_t *list = json_array();
    for (size_t i = 0; i < METRICS; i++)
        if (compared_is_measured(&comparison->metrics[i]))
            json_array_append_new(list, describe_metric(&comparison->metrics[i], other));
    return list;
}

/*** The rest ***/

static json_t *describe_plan(const struct comparison *comparison)
{
    const struct bench_plan *bench = &comparison->bench.plan;
    const struct comparison_plan *plan = comparison->plan;
    const struct decision_rule *rule = &plan->rule;
    json_t *looks = json_array();
    for (size_t i = 0; i < rule->look_count; i++)
        json_array_append_new(looks, json_integer(rule->looks[i]));
    return json_pack(
        "{s:s, s:s?, s:s?, s:s, s:s, s:f, s:f, s:f, s:f, s:f, s:o, s:f, s:f, s:o, s:o}", //
        "command", "compare",                                                            //
        "base", bench->contenders[SIDE_BASE].text,                                       //
        "new", bench->contenders[SIDE_NEW].text,                                         //
        "engine", load_engine_name(&plan->cell.load),                                    //
        "engine_by", load_engine_chooser(&plan->cell.load),                              //
        "budget_s", (double)plan->budget_ns / 1e9,                                       //
        "must_catch", rule->must_catch, "indifference", rule->indifference,              //
        "false_worse", rule->false_worse, "false_same", rule->false_same,                //
        "looks", looks, "lead_in_s", (double)bench->lead_in_ns / 1e9,                    //
        "slice_s", (double)bench->slice_ns / 1e9,                                        //
        "pinning", pinning_describe(&bench->pinning),                                    //
        "cell", cell_describe(&plan->cell));
}

/* In a block a slice says which side it is of. */
static json_t *describe_slices(const struct comparison *comparison)
{
    json_t *slices = bench_describe_slices(&comparison->bench, comparison->begin_ns);
    size_t i = 0;
    json_t *slice = NULL;
    json_array_foreach (slices, i, slice) {
        json_object_set(slice, "side", json_object_get(slice, "target"));
        json_object_set(slice, "block", json_object_get(slice, "repetition"));
    }
    return slices;
}

static json_t *describe_results(const struct comparison *comparison)
{
    json_t *results = bench_describe_results(&comparison->bench);
    size_t i = 0;
    json_t *result = NULL;
    json_array_foreach (results, i, result) {
        json_object_set_new(result, "side", json_string(side_name((enum side)i)));
        if (comparison->trouble != NULL && i == (size_t)comparison->trouble_of)
            json_object_set_new(result, "trouble", json_string(comparison->trouble));
    }
    return results;
}

/* Each reason once, with how many blocks it kept from counting. */
static json_t *describe_dropped(const struct bench_cell *bench)
{
    json_t *counts = json_object();
    json_int_t blocks = 0;
    for (size_t i = 0; i < bench->slice_count; i++) {
        const char *dropped = bench->slices[i].dropped;
        bool is_first = i == 0 || bench->slices[i].repetition != bench->slices[i - 1].repetition;
        if (dropped == NULL || !is_first)
            continue;
        json_int_t before = json_integer_value(json_object_get(counts, dropped));
        json_object_set_new(counts, dropped, json_integer(before + 1));
        blocks++;
    }
    json_t *reasons = json_array();
    const char *reason = NULL;
    json_t *count = NULL;
    json_object_foreach (counts, reason, count)
        json_array_append_new(reasons, json_pack("{s:s, s:O}", "reason", reason, "count", count));
    json_decref(counts);
    return json_pack("{s:I, s:o}", "blocks", blocks, "reasons", reasons);
}

/* Of every gated metric that is not the same. */
static json_t *describe_reasons(const struct comparison *comparison)
{
    json_t *reasons = comparison_obstacles(comparison);
    if (comparison->trouble != NULL)
        json_array_append_new(reasons, json_sprintf("%s: %s", side_name(comparison->trouble_of),
                                                    comparison->trouble));
    if (comparison_is_generator_bound(comparison))
        json_array_append_new(reasons,
                              json_string("the load generator had no time left: throughput and "
                                          "median latency only count where they are worse"));
    for (size_t i = 0; i < METRICS; i++) {
        const struct compared *compared = &comparison->metrics[i];
        if (comparison_cannot_count(comparison, compared->metric))
            json_array_append_new(
                reasons, json_sprintf("%s: could not be counted and is not gated%s%s",
                                      run_metrics[compared->metric].name,
                                      compared->uncounted != NULL ? ", " : "",
                                      compared->uncounted != NULL ? compared->uncounted : ""));
        if (!compared->is_gated || compared->verdict == DECISION_SAME)
            continue;
        json_array_append_new(reasons,
                              json_sprintf("%s: %s%s%s", run_metrics[compared->metric].name,
                                           decision_word(compared->verdict),
                                           compared->reason != NULL ? ", " : "",
                                           compared->reason != NULL ? compared->reason : ""));
    }
    return reasons;
}

json_t *comparison_describe(const struct comparison *comparison)
{
    json_t *document = document_new(SCHEMA_RUN);
    json_object_set_new(document, "plan", describe_plan(comparison));
    json_object_set_new(document, "seed", json_integer((json_int_t)comparison->plan->bench.seed));
    json_object_set_new(document, "interrupted", json_boolean(comparison->is_cut));
    json_object_set_new(document, "elapsed_s", json_real(comparison->elapsed_s));
    json_object_set_new(
        document, "generator_share",
        document_number(comparison->blocks > 0 ? comparison->generator_share : NAN));
    json_object_set_new(document, "results", describe_results(comparison));
    json_object_set_new(document, "slices", describe_slices(comparison));
    json_object_set_new(document, "comparisons", describe_metrics(comparison, SIDE_NEW));
    json_object_set_new(document, "controls", describe_metrics(comparison, SIDE_CONTROL));
    json_object_set_new(document, "dropped", describe_dropped(&comparison->bench));
    json_object_set_new(document, "verdict", json_string(decision_word(comparison->verdict)));
    json_object_set_new(document, "reasons", describe_reasons(comparison));
    return document;
}
