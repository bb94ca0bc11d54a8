/* The result of a load as JSON. */
#ifndef LOADGEN_LOAD_DOCUMENT_H
#define LOADGEN_LOAD_DOCUMENT_H

#include "loadgen/judgement.h"
#include "observe/server_cost.h"
#include "results/measures/histogram_log.h"

#include <jansson.h>

/* Of the engine that the load uses, and of what it says. */
const char *load_engine_name(const struct load_plan *plan);
/* "proctor" if it was chosen here (engine_choose()), "asked" if it was named. */
const char *load_engine_chooser(const struct load_plan *plan);
const char *load_protocol_name(const struct load_plan *plan);

/* New objects under the names of the run document; the caller owns them. */
json_t *load_describe_cell(const struct load_plan *plan);
json_t *load_describe_clients(const struct load_plan *plan, const struct load_totals *totals);
json_t *load_describe_connections(const struct load_totals *totals);
json_t *load_describe_requests(const struct load_totals *totals);

/* `verdict`, and the reasons of the judgement. */
json_t *load_describe_validity(enum validity verdict, const struct judgement *judgement);

/* Processor time of the generator per answered request; NAN if none was answered. */
double load_generator_cpu_us_per_request(const struct load_result *result);

/*** The document of a load ***/

/* All that `proctor load` has to say. */
struct load_report {
    const struct load_plan *plan;
    const struct engine *engine; /* that the load has, which need not be the plan's */
    int64_t warmup_ns;
    int64_t duration_ns;
    struct load_result result;
    bool has_cost;
    struct server_cost cost;
    struct judgement judgement;
    struct histogram_log log; /* of the intervals so far */
};

/* A run document (proctor.run/1) of its own; the caller owns it. */
json_t *load_document(const struct load_report *report);

#endif
