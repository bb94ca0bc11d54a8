/* Run documents ("proctor.run/1") as they were stored, for those who read them: the exports, `diff`
 * and the report.
 *
 * A document is checked when it is read, all fields that anybody here relies on, so that those who
 * use it need not ask again; what is not understood is named with its file and its place in one
 * sentence. Fields that nobody knows are ignored. A number that is null or not there was not
 * measured: it is NAN here, and never 0. */
#ifndef RESULTS_DOCUMENT_RUN_DOCUMENT_H
#define RESULTS_DOCUMENT_RUN_DOCUMENT_H

#include "results/document/run_kind.h"
#include "results/document/run_metric.h"
#include "results/measures/decision.h"
#include "results/measures/side.h"
#include "text/json_field.h"
#include "text/name_index.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* One target under one load. No two of a document have the same label. */
struct run_result {
    const json_t *json;
    char *target;    /* both are on one line, cleaned of what no text may hold, and never empty */
    char *cell;      /* "64 clients" where the document gives it no name */
    bool is_of_load; /* it is the one result of a load */
    char *label;     /* "epoll, 64 clients"; in a compare "new, 64 clients", as its target is a
                            command that is another each time */
    enum side side;  /* SIDE_NONE but in a compare */
    const char *trouble; /* why there are no figures, as it stands; NULL: there are */
};

/* Of `new` with `base` in one metric; changes are shares, above 0 is worse. */
struct run_comparison {
    const char *name;                /* of the metric, as it stands */
    const char *cell;                /* as it stands, or that of the first result */
    const struct run_metric *metric; /* NULL: one that is not known here */
    const char *title;               /* of the metric, for people; its name if there is none */
    bool is_gated;                   /* does it decide? */
    bool is_exact;
    double base;
    double new;
    double change;
    double low; /* of the change, 95 % */
    double high;
    double excluded;       /* a change for the worse above this is excluded */
    enum decision verdict; /* what the document leaves open is inconclusive */
    const char *reason;    /* or NULL */
};

struct run_comparisons {
    struct run_comparison *entries; /* behind them one without a name */
    size_t count;
    struct name_index places;  /* by run_pair_name() of metric and cell */
    struct name_index metrics; /* that are compared, by name */
};

struct run_document {
    char *path; /* for messages */
    json_t *json;
    enum run_kind kind;
    struct run_result *results; /* behind them one without `json` */
    size_t result_count;
    struct name_index labels;           /* of the results */
    struct run_comparisons comparisons; /* these three of a compare; empty elsewhere */
    struct run_comparisons controls;
    enum decision verdict; /* of all; inconclusive where it was ended before one was found */
};

/* Run the statement after them for each result of a document, each comparison of a list. */
/* NOLINTBEGIN(bugprone-macro-parentheses): names that are declared take none. */
#define run_each_result(result, document)                                                          \
    for (const struct run_result *result = (document)->results; result->json != NULL; result++)
#define run_each_comparison(comparison, comparisons)                                               \
    for (const struct run_comparison *comparison = (comparisons)->entries;                         \
         comparison->name != NULL; comparison++)
/* NOLINTEND(bugprone-macro-parentheses) */

/* The result that stands for the same as this one of another document, or NULL. A load has one
 * result, and its target is an address that may be another each time; the target of a side of a
 * compare is a command, likewise. */
const struct run_result *run_document_counterpart(const struct run_document *document,
                                                  const struct run_result *result);

/* Reads a document from `path`; "-" is standard input. 0, or -EINVAL with a sentence in `*trouble`,
 * which the caller frees. Release it if it could be read. */
int run_document_read(struct run_document *document, const char *path, char **trouble);

/* The same of a text; `path` is what the sentence calls it. */
int run_document_parse(struct run_document *document, const char *text, size_t count,
                       const char *path, char **trouble);
void run_document_release(struct run_document *document);

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

/* Two names, cleaned, as one; of no other two is it the same. The caller frees. */
char *run_pair_name(const char *one, const char *other);

/*** Results ***/

/* The name of a result's cell as it stands, or "64 clients": documents of `load` do not name their
 * one cell. The caller frees. */
char *run_cell_name(const json_t *result);

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

/* The comparison of a metric under a load, by their names, or NULL. */
const struct run_comparison *run_comparison_find(const struct run_comparisons *comparisons,
                                                 const char *metric, const char *cell);

/* A reason of a whole compare, "p50_ns: inconclusive, …", in two: the metric that it begins with,
 * or NULL, and `*rest`. And does it say only what stands with one of the comparisons anyway? */
const struct run_metric *run_reason_metric(const char *reason, const char **rest);
bool run_reason_is_listed(const struct run_document *document, const char *reason);

#endif
