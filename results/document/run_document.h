/* Run documents ("proctor.run/1") as they were stored, for those who read them: the exports, `diff`
 * and the report.
 *
 * A document is checked when it is read, all fields that anybody here relies on, so that those who
 * use it need not ask again; what is not understood is named with its file and its place in one
 * sentence. Fields that nobody knows are ignored. A number that is null or not there was not
 * measured: it is NAN here, and never 0. */
#ifndef RESULTS_DOCUMENT_RUN_DOCUMENT_H
#define RESULTS_DOCUMENT_RUN_DOCUMENT_H

#include "results/document/run_metric.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum run_kind {
    RUN_LOAD = 1 << 0, /* one server, one load */
    RUN_BENCH = 1 << 1,
    RUN_COMPARE = 1 << 2,
};

enum run_side { RUN_SIDE_NONE, RUN_SIDE_BASE, RUN_SIDE_NEW, RUN_SIDE_CONTROL };

/* What a document leaves open is inconclusive: it was ended before anything was decided. */
enum run_verdict { RUN_SAME, RUN_WORSE, RUN_BETTER, RUN_INCONCLUSIVE };

/* One target under one load. No two of a document have the same label. */
struct run_result {
    const json_t *json;
    char *target;    /* both are on one line, cleaned of what no text may hold, and never empty */
    char *cell;      /* "64 clients" where the document gives it no name */
    bool is_of_load; /* and not of one server among several, or of a side */
    char *label;     /* "epoll, 64 clients"; in a compare "new, 64 clients", as its target is a
                            command that is another each time */
    enum run_side side;  /* RUN_SIDE_NONE but in a compare */
    const char *trouble; /* why there are no figures, as it stands; NULL: there are */
};

struct run_document {
    char *path; /* for messages */
    json_t *json;
    enum run_kind kind;
    struct run_result *results;
    size_t result_count;
};

/* Reads a document from `path`; "-" is standard input. 0, or -EINVAL with a sentence in `*trouble`,
 * which the caller frees. Release it if it could be read. */
int run_document_read(struct run_document *document, const char *path, char **trouble);
void run_document_release(struct run_document *document);

/* "bench" */
const char *run_kind_name(enum run_kind kind);

/* "base"; NULL for RUN_SIDE_NONE. */
const char *run_side_name(enum run_side side);

/* "same" */
const char *run_verdict_name(enum run_verdict verdict);

/* What a document holds there, or NULL; `group` may be NULL. The object keeps it. */
json_t *run_field(const json_t *object, const char *group, const char *member);

/* A text of the document, or NULL: run_text(document->json, "machine", "kernel"). `group` may be
 * NULL. */
const char *run_text(const json_t *object, const char *group, const char *member);

/* A number of it, or NAN. */
double run_number(const json_t *object, const char *group, const char *member);

/* A name of the document, on one line and cleaned of what no text may hold, as results have theirs;
 * NULL for NULL. The caller frees. */
char *run_clean_name(const char *name);

/* The name of a result's cell as it stands, or "64 clients": documents of `load` do not name their
 * one cell. The caller frees. */
char *run_cell_name(const json_t *result);

/*** Results ***/

/* Of a metric: the median over the rounds with its quartiles, or the one figure that there is. */
struct run_value {
    double value; /* NAN: not measured */
    double low;   /* NAN: there is no spread */
    double high;
};

struct run_value run_result_value(const struct run_result *result, const struct run_metric *metric);

/* May its figures be used? Not if there was trouble, nor if they are said to be invalid. */
bool run_result_is_usable(const struct run_result *result);

/* "valid", "suspect" or "invalid"; NULL if nobody has judged. */
const char *run_result_validity(const struct run_result *result);

/*** Rankings ***/

/* Had a ranking enough rounds for intervals of the confidence that was asked for? */
bool run_ranking_has_confidence(const json_t *ranking);

/*** Comparisons ***/

/* Of `new` with `base` in one metric; changes are shares, above 0 is worse. */
struct run_comparison {
    const json_t *json;
    const char *name;                /* of the metric, as it stands */
    const char *cell;                /* as it stands, or that of the first result */
    const struct run_metric *metric; /* NULL: one that is not known here */
    bool is_gated;                   /* does it decide? */
    bool is_exact;
    double base;
    double new;
    double change;
    double low; /* of the change, 95 % */
    double high;
    double excluded; /* a change for the worse above this is excluded */
    enum run_verdict verdict;
    const char *reason; /* or NULL */
};

/* Of "comparisons" or "controls": how many, and each. */
size_t run_comparison_count(const struct run_document *document, const char *list);
void run_comparison_read(struct run_comparison *comparison, const struct run_document *document,
                         const char *list, size_t index);

/* Of a whole compare. */
enum run_verdict run_document_verdict(const struct run_document *document);

/* A reason of it, "p50_ns: inconclusive, …", in two: the metric that it begins with, or NULL, and
 * `*rest`. And does it say only what stands with one of the comparisons anyway? */
const struct run_metric *run_reason_metric(const char *reason, const char **rest);
bool run_reason_is_listed(const struct run_document *document, const char *reason);

#endif
