/* What `proctor load` writes: the text, the document and the histograms. */
#ifndef CLI_LOAD_OUTPUT_H
#define CLI_LOAD_OUTPUT_H

#include "loadgen/judgement.h"
#include "loadgen/load.h"
#include "observe/server_cost.h"
#include "results/measures/histogram_log.h"

#include <argp.h>

/* Where to; NULL: nowhere; "-": standard output. */
struct load_files {
    const char *json;
    const char *hgrm;
    const char *hlog;
    const char *csv;
};

struct load_report {
    const struct load_plan *plan;
    int64_t warmup_ns;
    int64_t duration_ns;
    struct load_result result;
    bool has_cost;
    struct server_cost cost;
    struct judgement judgement;
    struct histogram_log log; /* of the intervals so far */
};

/* Ends the program with EXIT_USAGE if two would go to standard output, and with
 * EXIT_PROCTOR_FAILED if one cannot be made: better before the load than after it. */
void load_files_check(const struct argp_state *state, const struct load_files *files);

/* Writes the text, to stderr if a file takes standard output, and then the files. Ends proctor if
 * one cannot be written. */
void load_output_write(const struct load_files *files, struct load_report *report);

#endif
