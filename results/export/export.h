/* Exports: run documents in the formats of others. Pure functions from a document that was read
 * (results/document/run_document.h) to bytes; they read no clock, no environment and no file. Each
 * takes the documents of load, bench and compare alike.
 *
 * What was not measured goes nowhere as a number: a field stays empty, a series has a gap. Figures
 * of a result that was in trouble, or of a run that calls itself invalid, are as good as not
 * measured for those who keep them over time, or who decide by them. */
#ifndef RESULTS_EXPORT_EXPORT_H
#define RESULTS_EXPORT_EXPORT_H

#include "base/bytes.h"
#include "results/document/run_document.h"

#include <stdbool.h>
#include <stddef.h>

/* Appends; nothing if the format wants no file rather than one that holds nothing. */
typedef void export_function(const struct run_document *document, struct bytes *out);

struct export_file {
    const char *name; /* in the folder; NULL where there is but one file */
    export_function *render;
};

#define EXPORT_FILES_MAX 2

struct export_format {
    const char *name;
    const char *summary; /* for a list, a part of a sentence */
    bool is_appended;    /* to a file that grows by a line */
    struct export_file files[EXPORT_FILES_MAX];
};

/* All of them; NULL at the end. */
extern const struct export_format *const export_formats[];

/* NULL: there is none of that name. */
const struct export_format *export_find(const char *name);

/* Is it several files, in a folder? */
bool export_has_folder(const struct export_format *format);

/* Renders the file at `index`, and writes it to `path` ("-" is standard output) or appends it. The
 * old content of a file stays as it was until the new one is whole. 0 or -errno; -ENODATA if the
 * document has nothing that it could hold. */
int export_write(const struct export_format *format, size_t index,
                 const struct run_document *document, const char *path);

/* The same for a check beforehand: has the document something for each file? */
bool export_has_content(const struct export_format *format, const struct run_document *document);

extern const struct export_format export_github_action_benchmark;
extern const struct export_format export_bencher;
extern const struct export_format export_junit;
extern const struct export_format export_openmetrics;
extern const struct export_format export_csv;
extern const struct export_format export_csv_summary;
extern const struct export_format export_markdown;
extern const struct export_format export_github;
extern const struct export_format export_history;

#endif
