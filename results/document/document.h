/* Result documents: JSON with a schema's name, the tool, the machine and the plan on top. */
#ifndef RESULTS_DOCUMENT_DOCUMENT_H
#define RESULTS_DOCUMENT_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>

struct histogram;
struct spread;

#define SCHEMA_RUN    "proctor.run/1"
#define SCHEMA_GRADE  "proctor.grade/1"
#define SCHEMA_CLASS  "proctor.class/1"
#define SCHEMA_DOCTOR "proctor.doctor/1"

const char *tool_version(void);
const char *tool_commit(void);

/* The day of that commit, as 2026-11-30, or "". */
const char *tool_date(void);

/* A new document: schema, tool, machine and time. The caller owns it and adds the rest. */
json_t *document_new(const char *schema);

/* The quantiles that documents name, ascending; the last has no name. */
struct document_quantile {
    const char *name; /* "p99.9" */
    double quantile;
};
extern const struct document_quantile document_quantiles[];

/* A new object with p50 … p99.99, max, mean and count, in nanoseconds. The caller owns it. */
json_t *document_histogram(const struct histogram *histogram);

/* A new array of [quantile, ns] from 0 up to where fewer than ten values lie beyond, evenly spaced
 * by nines. The caller owns it. */
json_t *document_latency_curve(const struct histogram *histogram);

/* A new number; null for one that is not finite: it was not measured. The caller owns it. */
json_t *document_number(double number);

/* A new object with median, low and high. The caller owns it. */
json_t *document_spread(const struct spread *spread);

/* A new array of the words of a NULL-terminated command. The caller owns it. */
json_t *document_command(char *const command[]);

/* Do they mean the same? Other programs write 100 for 100.0. */
bool document_is_alike(const json_t *one, const json_t *other);

/* Writes the document as output_file_write() does. 0 or -errno. */
int document_write(const json_t *document, const char *path);

/* Makes the folder and those above it. 0 or -errno. */
int document_make_folder(const char *path);

#endif
