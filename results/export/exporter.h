/* Exports: run documents and recordings in the formats of others. Pure functions from what was read
 * (results/document/run_document.h, results/recording/recording_read.h) to bytes; they read no
 * clock, no environment and no file. Those of run documents take that of load, bench and compare
 * alike.
 *
 * What was not measured goes nowhere as a number: a field stays empty, a series has a gap. Figures
 * of a result that was in trouble, or of a run that calls itself invalid, are as good as not
 * measured for those who keep them over time, or who decide by them. */
#ifndef RESULTS_EXPORT_EXPORTER_H
#define RESULTS_EXPORT_EXPORTER_H

#include "base/bytes.h"
#include "results/document/run_document.h"
#include "results/recording/recording_read.h"

#include <stdbool.h>
#include <stddef.h>

/* Appends; nothing if the format wants no file rather than one that holds nothing. */
typedef void export_function(const struct run_document *document, struct bytes *out);

typedef void export_recording_function(const struct recorded *recorded, struct bytes *out);

struct export_file {
    const char *name; /* in the folder; NULL where there is but one file */
    export_function *render;
};

#define EXPORT_FILES_MAX 2

struct exporter {
    const char *name;
    const char *summary;                        /* for a list, a part of a sentence */
    bool is_appended;                           /* to a file that grows by a line */
    struct export_file files[EXPORT_FILES_MAX]; /* of a run document */
    export_recording_function *of_recording;    /* instead of those; or NULL */
    const char *lacks; /* what a recording is, of which there is nothing to write: a part of a
                        * sentence with its remedy; or NULL */
};

/* Each in a file of its own; all of them stand in results/export/export.c. */
extern const struct exporter export_github_action_benchmark;
extern const struct exporter export_bencher;
extern const struct exporter export_junit;
extern const struct exporter export_openmetrics;
extern const struct exporter export_csv;
extern const struct exporter export_csv_summary;
extern const struct exporter export_markdown;
extern const struct exporter export_github;
extern const struct exporter export_history;
extern const struct exporter export_pcapng;
extern const struct exporter export_perfetto;

#endif
