/* A run document as the figures of a report look at it: what is set side by side, and in which
 * cells. Names are those of the document, as its slices, rankings and curves use them: only what
 * is printed is cleaned. */
#ifndef RESULTS_PAGE_RUN_H
#define RESULTS_PAGE_RUN_H

#include "results/document/run_document.h"
#include "text/name_index.h"
#include "text/number.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Names in the order of their first appearance. All zero: none. */
struct names {
    char **texts;
    size_t count;
    struct name_index index;
};

/* Whose result it is, and under which load: places in the two lists of names. */
struct run_place {
    size_t target;
    size_t cell;
    const json_t *result; /* NULL: there is none */
};

struct cell_facts {
    double clients;
    bool is_of_curve;
};

struct run {
    const struct run_document *document; /* borrowed */
    size_t number;                       /* in the report, from 1; part of every id */
    struct names targets; /* what is set side by side: targets, or the sides of a comparison */
    struct names cells;
    struct run_place *places; /* by cell, and there by target; with gaps unless `is_sparse` */
    size_t *begins;           /* of each cell, and of the end */
    struct cell_facts *facts; /* of each cell */
    bool is_sparse;           /* most targets have no result in most cells */
};

/* Runs the statement after it for each target of a cell: for all of them, or if the run is sparse
 * for those with a result. */
/* NOLINTBEGIN(bugprone-macro-parentheses): names that are declared take none. */
#define run_each_of_cell(place, run, cell)                                                         \
    for (const struct run_place *place = (run)->places + (run)->begins[cell];                      \
         place < (run)->places + (run)->begins[(cell) + 1]; place++)
/* NOLINTEND(bugprone-macro-parentheses) */

/* Reads the names. The document must outlive the run. */
void run_init(struct run *run, const struct run_document *document, size_t number);
void run_release(struct run *run);

/* The place of a name, or SIZE_MAX. */
size_t names_find(const struct names *names, const char *text);

/* What a result or a slice is of: its side in a comparison, the name of its target otherwise. */
const char *row_target(const json_t *row);

/* The clients asked for in a cell; NaN if no result says so. */
double run_clients(const struct run *run, size_t cell);

/* The curves of a kind, "memory" or "rate", as the document lists them. */
const json_t *run_curves(const struct run *run, const char *kind);

/* Is it one of the cells at a fixed rate that make a curve? They have a figure of their own. */
bool run_cell_is_of_curve(const struct run *run, size_t cell);

/* As run_result_value() has it; all NaN where there is no result, and for what is no metric. */
struct run_value result_metric(const json_t *result, const char *name);

/* Half the distance between its quartiles; NaN if it has none. */
double run_value_noise(struct run_value value);

/* How people call a metric, and its unit. One that is not known is called by its own name. */
const char *metric_title(const char *name);
enum unit metric_unit(const char *name);

#endif
