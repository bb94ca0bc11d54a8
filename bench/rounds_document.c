#include "bench/rounds_document.h"

#include "base/clock.h"
#include "base/memory.h"
#include "loadgen/load_document.h"
#include "results/document/document.h"
#include "results/measures/ranking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

json_t *bench_describe_numbers(const double *numbers, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, document_number(numbers[i]));
    return list;
}

json_t *bench_describe_estimate(const struct paired_estimate *estimate)
{
    return json_pack("{s:o, s:o, s:o, s:b}",                                    //
                     "change", document_number(paired_change(estimate->shift)), //
                     "low", document_number(paired_change(estimate->low)),      //
                     "high", document_number(paired_change(estimate->high)),    //
                     "has_confidence", estimate->is_exact_level);
}

/*** Results ***/

static json_t *describe_rounds(const struct bench_cell *bench, size_t number)
{
    json_t *metrics = json_object();
    double *values = allocate(bench->slice_count + 1, sizeof *values);
    for (enum metric metric = 0; metric < METRICS; metric++) {
        size_t count = bench_values(bench, number, metric, values);
        json_t *list = bench_describe_numbers(values, count);
        struct spread spread = bench_spread(values, count);
        json_t *described = document_spread(&spread);
        json_object_set_new(described, "values", list);
        json_object_set_new(metrics, run_metrics[metric].name, described);
    }
    free(values);
    return metrics;
}

static json_t *describe_target(const struct bench_row *row)
{
    const struct contender *contender = row->contender;
    json_t *command = row->lane.command != NULL ? document_command(row->lane.command) : json_null();
    return json_pack("{s:s, s:s?, s:o}", "name", contender->name, "model",
                     contender->kind == CONTENDER_MODEL ? contender->text : NULL, "command",
                     command);
}

/* Of all rounds. A borrowed reference. */
static json_t *median(const json_t *rounds, enum metric metric)
{
    return json_object_get(json_object_get(rounds, run_metrics[metric].name), "median");
}

/* Why a figure is null. */
static json_t *describe_uncounted(const struct lane *lane)
{
    static const enum metric metrics[COUNTED_EVENTS] = {
        [EVENT_SYSTEM_CALLS] = METRIC_SERVER_CALLS,
        [EVENT_SWITCHES] = METRIC_SERVER_SWITCHES,
        [EVENT_CPU_NS] = METRIC_SERVER_CPU,
    };
    json_t *reasons = json_array();
    for (enum counted_event i = 0; i < COUNTED_EVENTS; i++)
        if (lane->uncounted[i] != NULL)
            json_array_append_new(
                reasons, json_sprintf("%s: %s", run_metrics[metrics[i]].title, lane->uncounted[i]));
    return reasons;
}

/* What could not be counted is null. */
static json_t *describe_server(const struct bench_row *row, const json_t *rounds)
{
    return json_pack("{s:O, s:O, s:O, s:O, s:o, s:o}",                               //
                     "cpu_us_per_request", median(rounds, METRIC_SERVER_CPU),        //
                     "syscalls_per_request", median(rounds, METRIC_SERVER_CALLS),    //
                     "switches_per_request", median(rounds, METRIC_SERVER_SWITCHES), //
                     "bytes_per_connection", median(rounds, METRIC_MEMORY),          //
                     "not_measured", describe_uncounted(&row->lane),                 //
                     "memory_bytes", document_number(row->lane.memory_bytes));
}

static json_t *describe_validity(const struct bench_row *row)
{
    enum validity verdict = row->judgement.verdict;
    if (row->trouble != NULL && verdict == VALID)
        verdict = SUSPECT;
    if (row->slices == 0)
        verdict = INVALID;
    return load_describe_validity(verdict, &row->judgement);
}

static json_t *describe_row(const struct bench_cell *bench, size_t number)
{
    const struct cell *cell = bench->cell;
    const struct bench_row *row = &bench->rows[number];
    const struct load_totals *totals = &row->total.totals;
    json_t *rounds = describe_rounds(bench, number);
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:O, s:o, s:o, s:o, s:{s:O, s:o}, s:o, s:s?, s:o, "
                     "s:o}",                                                //
                     "target", describe_target(row),                        //
                     "cell", cell_describe(cell),                           //
                     "clients", load_describe_clients(&cell->load, totals), //
                     "connections", load_describe_connections(totals), "requests",
                     load_describe_requests(totals),                               //
                     "throughput_per_s", median(rounds, METRIC_THROUGHPUT),        //
                     "latency_ns", document_histogram(&row->total.latency),        //
                     "latency_curve", document_latency_curve(&row->total.latency), //
                     "connect_ns", document_histogram(&row->total.connect),        //
                     "generator", "cpu_us_per_request", median(rounds, METRIC_GENERATOR_CPU),
                     "busy_share", document_number(row->total.busiest_thread_share), //
                     "server", describe_server(row, rounds),                         //
                     "trouble", row->trouble,                                        //
                     "validity", describe_validity(row),                             //
                     "rounds", rounds);
}

static json_t *describe_slice(const struct bench_cell *bench, const struct slice *slice,
                              int64_t begin_ns)
{
    return json_pack("{s:s, s:s, s:i, s:i, s:f, s:o, s:o, s:o, s:o, s:s?}",                 //
                     "cell", bench->cell->name,                                             //
                     "target", bench->rows[slice->row].contender->name,                     //
                     "repetition", (int)slice->repetition, "round", (int)slice->round,      //
                     "start_s", (double)(slice->begin_ns - begin_ns) / NS_PER_S,            //
                     "throughput_per_s", document_number(slice->values[METRIC_THROUGHPUT]), //
                     "p50_ns", document_number(slice->values[METRIC_P50]),                  //
                     "stolen_share", document_number(slice->stolen_share),                  //
                     "foreign_share", document_number(slice->foreign_share),                //
                     "dropped", slice->dropped);
}

/*** Rankings ***/

/* A slice without a reply counts as half a reply, with a latency as long as the slice: leaving it
 * out would favour the server. */
static double value_or_worst(const struct slice *slice, enum metric metric)
{
    double length_ns = (double)(slice->end_ns - slice->begin_ns);
    if (slice->values[METRIC_THROUGHPUT] > 0)
        return slice->values[metric];
    return metric == METRIC_THROUGHPUT ? 0.5 * NS_PER_S / length_ns
           : metric == METRIC_P50      ? length_ns
                                       : NAN;
}

/* A server that leaves clients unserved has more time for the others, so it is not compared with
 * servers that serve all of them. */
static bool is_ranked(const struct bench_row *row)
{
    const struct load_totals *totals = &row->total.totals;
    return row->trouble == NULL && totals->clients_served == totals->clients_used;
}

/* The unit is the start of a server: the slices of a repetition are one observation, the mean of
 * their logarithms. Turned so that less is better; NAN: no observation. */
static double *observe_repetitions(const struct bench_cell *bench, enum metric metric,
                                   unsigned repetitions)
{
    double *sums = allocate(repetitions * bench->count, sizeof *sums);
    double *counts = allocate(repetitions * bench->count, sizeof *counts);
    for (size_t i = 0; i < bench->slice_count; i++) {
        const struct slice *slice = &bench->slices[i];
        double value = value_or_worst(slice, metric);
        size_t place = slice->repetition * bench->count + slice->row;
        if (isnan(value) || value <= 0 || !is_ranked(&bench->rows[slice->row]))
            continue;
        sums[place] += run_metrics[metric].bigger_is_better ? -log(value) : log(value);
        counts[place]++;
    }
    for (size_t i = 0; i < repetitions * bench->count; i++)
        sums[i] = counts[i] > 0 ? exp(sums[i] / counts[i]) : NAN;
    free(counts);
    return sums;
}

static unsigned count_repetitions(const struct bench_cell *bench)
{
    return bench->slice_count > 0 ? bench->slices[bench->slice_count - 1].repetition + 1 : 0;
}

/* That of this name, or else the first that is ranked. */
static size_t find_reference(const struct bench_cell *bench, const char *name)
{
    size_t first = bench->count;
    for (size_t i = 0; i < bench->count; i++) {
        if (!is_ranked(&bench->rows[i]))
            continue;
        if (strcmp(bench->rows[i].contender->name, name) == 0)
            return i;
        first = first == bench->count ? i : first;
    }
    return first < bench->count ? first : 0;
}

/* NULL if it has no values: then nothing was compared with it. */
static const char *name_of_reference(const struct bench_cell *bench, const struct ranking *ranking,
                                     size_t reference)
{
    bool has_values = !isnan(ranking->places[reference].median);
    return has_values ? bench->rows[reference].contender->name : NULL;
}

static json_t *describe_places(const struct bench_cell *bench, const struct ranking *ranking,
                               size_t reference)
{
    json_t *places = json_array();
    for (size_t i = 0; i < bench->count; i++) {
        if (i == reference || ranking->places[i].reference_rounds == 0)
            continue;
        json_t *place = bench_describe_estimate(&ranking->places[i].against_reference);
        json_object_set_new(place, "target", json_string(bench->rows[i].contender->name));
        json_array_append_new(places, place);
    }
    return places;
}

static json_t *describe_best(const struct bench_cell *bench, const struct ranking *ranking)
{
    json_t *best = json_array();
    for (size_t i = 0; i < bench->count; i++)
        if (ranking->places[i].is_among_best)
            json_array_append_new(best, json_string(bench->rows[i].contender->name));
    return best;
}

#define CONFIDENCE   0.95
#define INDIFFERENCE 0.01

static json_t *describe_ranking(const struct bench_cell *bench, enum metric metric,
                                const char *reference)
{
    unsigned repetitions = count_repetitions(bench);
    double *values = observe_repetitions(bench, metric, repetitions);
    struct ranking_question question = {
        .values = values,
        .servers = bench->count,
        .rounds = repetitions,
        .reference = find_reference(bench, reference),
        .confidence = CONFIDENCE,
        .indifference = INDIFFERENCE,
    };
    struct ranking ranking;
    ranking_init(&ranking, &question);
    json_t *described =
        json_pack("{s:s, s:s, s:s?, s:o, s:i, s:f, s:o, s:o}",                         //
                  "cell", bench->cell->name,                                           //
                  "metric", run_metrics[metric].name,                                  //
                  "reference", name_of_reference(bench, &ranking, question.reference), //
                  "friedman_p", document_number(ranking.friedman_p),                   //
                  "repetitions", (int)repetitions,                                     //
                  "confidence", CONFIDENCE,                                            //
                  "targets", describe_places(bench, &ranking, question.reference),     //
                  "best", describe_best(bench, &ranking));
    ranking_release(&ranking);
    free(values);
    return described;
}

/* At a fixed rate all have the same throughput, so latency is compared. */
json_t *bench_describe_rankings(const struct bench_cell *bench, const char *reference)
{
    json_t *rankings = json_array();
    bool is_open = bench->cell->load.rate_per_s > 0;
    if (bench->count < 2 || count_repetitions(bench) == 0)
        return rankings;
    json_array_append_new(
        rankings, describe_ranking(bench, is_open ? METRIC_P50 : METRIC_THROUGHPUT, reference));
    json_array_append_new(rankings, describe_ranking(bench, METRIC_SERVER_CPU, reference));
    return rankings;
}

json_t *bench_describe_results(const struct bench_cell *bench)
{
    json_t *results = json_array();
    for (size_t i = 0; i < bench->count; i++)
        json_array_append_new(results, describe_row(bench, i));
    return results;
}

json_t *bench_describe_slices(const struct bench_cell *bench, int64_t begin_ns)
{
    json_t *slices = json_array();
    for (size_t i = 0; i < bench->slice_count; i++)
        json_array_append_new(slices, describe_slice(bench, &bench->slices[i], begin_ns));
    return slices;
}
