#include "results/document/difference.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_STARTS_MIN 3 /* that have counted the same */

/* The share by which `new` is worse. Half the throughput is worse by 100 %, as is twice the
 * latency. */
static double change_of(const struct run_metric *metric, double old, double new)
{
    double from = metric->bigger_is_better ? new : old;
    double to = metric->bigger_is_better ? old : new;
    if (isnan(from) || isnan(to))
        return NAN;
    if (from == to)
        return 0;
    double change = from > 0 ? to / from - 1 : NAN;
    return isfinite(change) ? change : NAN;
}

/* Is it a counter that was as good as the same at every start? */
static bool is_exact(const struct run_result *result, const struct run_metric *metric)
{
    const json_t *rounds = run_field(result->json, "rounds", metric->name);
    const json_t *values = json_object_get(rounds, "values");
    double least = INFINITY;
    double most = -INFINITY;
    list_each (value, values) {
        if (!json_is_number(value))
            return false;
        least = fmin(least, json_number_value(value));
        most = fmax(most, json_number_value(value));
    }
    return metric->is_counter && json_array_size(values) >= EXACT_STARTS_MIN &&
           most - least <= run_metric_count_tolerance(most);
}

static enum decision judge(const struct difference_row *row)
{
    if (!row->is_exact)
        return DECISION_OPEN;
    double more = row->new.value - row->old.value; /* more is always worse for a counter */
    if (isnan(more) || fabs(more) <= run_metric_count_tolerance(row->old.value))
        return DECISION_SAME;
    return more > 0 ? DECISION_WORSE : DECISION_BETTER;
}

static bool has_spread(const struct run_value *value)
{
    return !isnan(value->low) && !isnan(value->high);
}

/* Counters can be compared only if the loads are alike. */
static bool is_plan_alike(const struct difference *difference)
{
    for (size_t i = 0; i < difference->unlike.count; i++)
        if (difference->unlike.entries[i].part == UNLIKE_PLAN)
            return false;
    return true;
}

/* A compare also counts once for each side what a request takes, under a load of one client that
 * leaves nothing to chance; if it did, that count is the value. */
static bool find_counted(const struct run_document *document, const struct run_result *result,
                         const struct run_metric *metric, struct run_value *value)
{
    bool is_of_side = result->side == SIDE_BASE || result->side == SIDE_NEW;
    bool is_per_request = metric->is_counter && metric->unit[0] == '\0';
    if (!is_of_side || !is_per_request)
        return false;
    const struct run_comparison *comparison =
        run_comparison_find(&document->comparisons, metric->name, result->cell);
    if (comparison == NULL || !comparison->is_exact || !comparison->is_gated ||
        comparison->verdict == DECISION_INCONCLUSIVE)
        return false;
    double counted = result->side == SIDE_BASE ? comparison->base : comparison->new;
    *value = (struct run_value){counted, counted, counted};
    return true;
}

/* Returns whether it is exact. */
static bool read_value(const struct run_document *document, const struct run_result *result,
                       const struct run_metric *metric, struct run_value *value)
{
    if (find_counted(document, result, metric, value))
        return true;
    *value = run_result_value(result, metric);
    return is_exact(result, metric);
}

static void fill_row(struct difference_row *row, const struct difference *difference)
{
    bool old_is_exact = read_value(difference->old, row->old_result, row->metric, &row->old);
    bool new_is_exact = read_value(difference->new, row->new_result, row->metric, &row->new);
    row->is_exact = old_is_exact && new_is_exact;
    row->change = change_of(row->metric, row->old.value, row->new.value);
    row->has_spreads = has_spread(&row->old) && has_spread(&row->new);
    row->is_apart =
        row->has_spreads && (row->old.high < row->new.low || row->new.high < row->old.low);
}

static void add_rows(struct difference *difference, const struct run_result *old,
                     const struct run_result *new)
{
    run_each_metric (metric) {
        struct difference_row row = {.old_result = old, .new_result = new, .metric = metric};
        fill_row(&row, difference);
        if (isnan(row.old.value) || isnan(row.new.value))
            continue;
        row.verdict = is_plan_alike(difference) ? judge(&row) : DECISION_OPEN;
        difference->rows =
            grow_by_one(difference->rows, difference->row_count, sizeof *difference->rows);
        difference->rows[difference->row_count++] = row;
    }
}

static void add_standings(struct difference *difference, const struct run_result *old,
                          const struct run_result *new)
{
    difference->standings = grow_by_one(difference->standings, difference->standing_count,
                                        sizeof *difference->standings);
    difference->standings[difference->standing_count++] =
        standings_of(old, new, is_plan_alike(difference));
}

void difference_make(struct difference *difference, const struct run_document *old,
                     const struct run_document *new)
{
    *difference = (struct difference){.old = old, .new = new};
    unlike_find(&difference->unlike, old, new);
    run_each_result (result, old) {
        const struct run_result *counterpart = run_document_counterpart(new, result);
        add_standings(difference, result, counterpart);
        if (counterpart != NULL && run_result_is_usable(counterpart) &&
            run_result_is_usable(result))
            add_rows(difference, result, counterpart);
    }
    run_each_result (result, new)
        if (run_document_counterpart(old, result) == NULL)
            add_standings(difference, NULL, result);
}

void difference_release(struct difference *difference)
{
    unlike_release(&difference->unlike);
    free(difference->rows);
    free(difference->standings);
    *difference = (struct difference){0};
}

bool difference_is_worse(const struct difference *difference)
{
    for (size_t i = 0; i < difference->row_count; i++)
        if (difference->rows[i].verdict == DECISION_WORSE)
            return true;
    return false;
}

bool difference_stands_worse(const struct difference *difference)
{
    for (size_t i = 0; i < difference->standing_count; i++)
        if (difference->standings[i].verdict == DECISION_WORSE)
            return true;
    return false;
}
