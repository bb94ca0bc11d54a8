/* What a load says: the text for people, and the files. */
#ifndef LOADGEN_LOAD_TEXT_H
#define LOADGEN_LOAD_TEXT_H

#include "loadgen/load_document.h"

enum load_file {
    LOAD_FILE_JSON, /* the document */
    LOAD_FILE_HGRM, /* percentiles of the latency as HdrHistogram prints them, */
    LOAD_FILE_CSV,  /* or separated by commas */
    LOAD_FILE_HLOG, /* the histograms of all intervals and their totals */
    LOAD_FILES,
};

/* Where to; NULL: nowhere; "-": standard output. */
struct load_files {
    const char *paths[LOAD_FILES];
};

/* How many of them go to standard output. */
unsigned load_files_on_stdout(const struct load_files *files);

/* Writes the text, to stderr if a file takes standard output, and then the files; the totals are
 * added to the report's log. 0, or -errno, and in `*path` the file that could not be written, after
 * which none is. */
int load_text_write(const struct load_files *files, struct load_report *report, const char **path);

#endif
