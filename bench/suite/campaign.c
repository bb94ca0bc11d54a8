/* Theory of operation: each cell becomes a part of the run document as soon as it has been
 * measured, and everything that is said later - what may be skipped, curves, tables - is read from
 * the document. So a campaign that goes on after an interruption knows as much of the cells before
 * as if it had measured them itself.
 */
#include "bench/suite/campaign.h"

#include "base/clock.h"
#include "base/memory.h"
#include "bench/rounds_document.h"
#include "bench/suite/curves.h"
#include "loadgen/load_document.h"
#include "results/document/document.h"
#include "results/document/run_document.h"
#include "text/json_field.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Lists of the names of cells. */
#define CELLS_DONE "cells_done"
#define IN_TURN    "in_turn" /* not all servers at once */

/*** The plan ***/

/* What a contender is, where its name does not say it. */
static json_t *describe_command(const struct contender *contender)
{
    char address[ADDRESS_TEXT_BYTES];
    return json_string(contender->kind == CONTENDER_RUNNING
                           ? address_text(&contender->address, address)
                           : contender->text);
}

static json_t *describe_plan(const struct campaign_plan *plan)
{
    const struct bench_plan *bench = &plan->bench;
    json_t *targets = json_array();
    json_t *commands = json_array();
    json_t *cells = json_array();
    for (size_t i = 0; i < bench->count; i++) {
        json_array_append_new(targets, json_string(bench->contenders[i].name));
        json_array_append_new(commands, describe_command(&bench->contenders[i]));
    }
    for (size_t i = 0; i < plan->count; i++)
        json_array_append_new(cells, cell_describe(&plan->cells[i]));
    return json_pack("{s:s, s:s?, s:s, s:s, s:i, s:i, s:f, s:f, s:o, s:o, s:o, s:o, s:s?}", //
                     "command", "bench", "suite", plan->suite,                              //
                     "engine", load_engine_name(&plan->cells[0].load),                      //
                     "engine_by", load_engine_chooser(&plan->cells[0].load),                //
                     "rounds", (int)bench->rounds, "repetitions", (int)bench->repetitions,  //
                     "lead_in_s", (double)bench->lead_in_ns / 1e9,                          //
                     "slice_s", (double)bench->slice_ns / 1e9,                              //
                     "pinning", pinning_describe(&bench->pinning),                          //
                     "targets", targets, "cells", cells, "commands", commands, "reference",
                     plan->reference);
}

static const char *const parts[] = {"results", "slices", "rankings"};

#define PARTS (sizeof parts / sizeof parts[0])

static json_t *begin_document(const struct campaign_plan *plan)
{
    json_t *document = document_new(SCHEMA_RUN);
    json_object_set_new(document, "plan", describe_plan(plan));
    json_object_set_new(document, "seed", json_integer((json_int_t)plan->bench.seed));
    json_object_set_new(document, CELLS_DONE, json_array());
    json_object_set_new(document, IN_TURN, json_array());
    for (size_t i = 0; i < PARTS; i++)
        json_object_set_new(document, parts[i], json_array());
    return document;
}

/*** Going on ***/

/* The name of the cell that an entry of a part is of; "" if it has none. */
static const char *cell_of(const json_t *entry)
{
    const char *name = json_is_object(json_object_get(entry, "cell"))
                           ? run_text(entry, "cell", "name")
                           : run_text(entry, NULL, "cell");
    return name != NULL ? name : "";
}

json_t *campaign_entries(const json_t *document, const char *part, const char *cell)
{
    json_t *entries = json_array();
    size_t i = 0;
    json_t *entry = NULL;
    json_array_foreach (json_object_get(document, part), i, entry)
        if (strcmp(cell_of(entry), cell) == 0)
            json_array_append(entries, entry);
    return entries;
}

static void add_to_list(json_t *document, const char *list, const char *cell)
{
    json_array_append_new(json_object_get(document, list), json_string(cell));
}

static bool is_done(const json_t *document, const char *cell)
{
    return list_has_word(json_object_get(document, CELLS_DONE), cell);
}

bool campaign_is_in_turn(const json_t *document, const char *cell)
{
    return list_has_word(json_object_get(document, IN_TURN), cell);
}

/* Has every part that is taken over the names that it is known by? */
static bool is_complete(const json_t *earlier)
{
    size_t i = 0;
    json_t *entry = NULL;
    json_array_foreach (json_object_get(earlier, "results"), i, entry)
        if (run_text(entry, "target", "name") == NULL || cell_of(entry)[0] == '\0')
            return false;
    return true;
}

/* In what the earlier bench was another one, or NULL. */
static const char *find_difference(const json_t *plan, const json_t *document,
                                   const json_t *earlier)
{
    static const char *const of_machine[] = {"cpu_model", "cores", "kernel"};
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach ((json_t *)plan, key, value)
        if (strcmp(key, "engine_by") != 0 &&
            !document_is_alike(value, run_field(earlier, "plan", key)))
            return key;
    if (!document_is_alike(json_object_get(document, "seed"), json_object_get(earlier, "seed")))
        return "seed";
    if (!document_is_alike(json_object_get(document, "tool"), json_object_get(earlier, "tool")))
        return "tool";
    for (size_t i = 0; i < sizeof of_machine / sizeof of_machine[0]; i++)
        if (!document_is_alike(run_field(document, "machine", of_machine[i]),
                               run_field(earlier, "machine", of_machine[i])))
            return of_machine[i];
    return is_complete(earlier) ? NULL : "results";
}

int campaign_check_earlier(const struct campaign_plan *plan, const json_t *earlier, char **reason)
{
    json_t *document = begin_document(plan);
    const char *differs = find_difference(json_object_get(document, "plan"), document, earlier);
    *reason =
        differs == NULL ? NULL : text_of("it belongs to another bench: '%s' differs", differs);
    json_decref(document);
    return differs == NULL ? 0 : -EINVAL;
}

/* Takes over the entries. */
static void append_part(json_t *document, const char *part, json_t *entries)
{
    json_array_extend(json_object_get(document, part), entries);
    json_decref(entries);
}

/* What an earlier document says of this cell. */
static void copy_cell(json_t *document, const json_t *earlier, const char *cell)
{
    for (size_t i = 0; i < PARTS; i++)
        append_part(document, parts[i], campaign_entries(earlier, parts[i], cell));
    if (campaign_is_in_turn(earlier, cell))
        add_to_list(document, IN_TURN, cell);
    add_to_list(document, CELLS_DONE, cell);
}

/*** What may be skipped ***/

/* Has this server fallen behind a lower rate of the same load? Then higher ones say no more. */
static bool has_fallen_behind(const json_t *document, const char *target, const json_t *cell)
{
    static const char *const rate_only[] = {"rate", NULL};
    size_t i = 0;
    json_t *result = NULL;
    json_array_foreach (json_object_get(document, "results"), i, result) {
        const json_t *earlier = json_object_get(result, "cell");
        double rate = run_number(earlier, NULL, "rate");
        double achieved = run_number(result, NULL, "throughput_per_s");
        if (rate > 0 && rate < run_number(cell, NULL, "rate") &&
            strcmp(run_text(result, "target", "name"), target) == 0 &&
            curves_differ_only_in(earlier, cell, rate_only) && !curves_keeps_up(rate, achieved))
            return true;
    }
    return false;
}

/*** Running ***/

static bool run_cell(json_t *document, const struct campaign_plan *plan, const struct cell *cell,
                     int64_t begin_ns, struct bench_progress *progress)
{
    const struct bench_plan *bench_plan = &plan->bench;
    bool *skips = allocate(bench_plan->count, sizeof *skips);
    json_t *described = cell_describe(cell);
    for (size_t i = 0; i < bench_plan->count && cell->load.rate_per_s > 0; i++)
        skips[i] = has_fallen_behind(document, bench_plan->contenders[i].name, described);
    json_decref(described);

    struct bench_cell bench;
    bench_run_cell(&bench, bench_plan, cell, skips, progress);
    append_part(document, "results", bench_describe_results(&bench));
    append_part(document, "slices", bench_describe_slices(&bench, begin_ns));
    append_part(document, "rankings", bench_describe_rankings(&bench, plan->reference));
    if (!bench.is_resident)
        add_to_list(document, IN_TURN, cell->name);
    bool is_whole = !bench.is_cut;
    if (is_whole)
        add_to_list(document, CELLS_DONE, cell->name);
    bench_release(&bench);
    free(skips);
    return is_whole;
}

/* As far as it has come. */
static void finish_document(json_t *document, bool is_whole, int64_t begin_ns)
{
    json_object_set_new(document, "interrupted", json_boolean(!is_whole));
    json_object_set_new(document, "elapsed_s",
                        json_real((double)(clock_now_ns() - begin_ns) / NS_PER_S));
    json_object_set_new(document, "curves", curves_describe(json_object_get(document, "results")));
}

json_t *campaign_run(const struct campaign_plan *plan, const json_t *earlier,
                     const struct campaign_watch *watch)
{
    double before_s = json_number_value(json_object_get(earlier, "elapsed_s"));
    int64_t begin_ns = clock_now_ns() - (int64_t)(before_s * NS_PER_S);
    size_t slices = (size_t)plan->bench.rounds * plan->bench.count;
    struct bench_progress progress = {watch->progress, watch->context, 0, plan->count * slices};
    json_t *document = begin_document(plan);
    bool goes_on = true;
    /* All of them before the first is shown: who writes the document then loses none. */
    for (size_t i = 0; i < plan->count; i++)
        if (is_done(earlier, plan->cells[i].name))
            copy_cell(document, earlier, plan->cells[i].name);
    for (size_t i = 0; i < plan->count && goes_on; i++) {
        const struct cell *cell = &plan->cells[i];
        progress.done = i * slices;
        if (!is_done(document, cell->name))
            goes_on = run_cell(document, plan, cell, begin_ns, &progress);
        finish_document(document, goes_on && i + 1 == plan->count, begin_ns);
        if (watch->cell_done != NULL)
            watch->cell_done(document, cell->name, watch->context);
    }
    return document;
}

bool campaign_is_sound(const json_t *document)
{
    size_t i = 0;
    json_t *result = NULL;
    json_array_foreach (json_object_get(document, "results"), i, result)
        if (!json_is_null(json_object_get(result, "trouble")))
            return false;
    return true;
}
