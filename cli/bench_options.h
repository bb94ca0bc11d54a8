/* The options of `bench`, and the plan that they make. */
#ifndef CLI_BENCH_OPTIONS_H
#define CLI_BENCH_OPTIONS_H

#include "bench/suite/campaign.h"
#include "bench/suite/suite.h"

#include <argp.h>
#include <stdbool.h>

#define CONTENDERS_MAX 32

struct bench_arguments {
    struct campaign_plan plan;
    struct load_plan load;
    struct contender contenders[CONTENDERS_MAX];
    struct suite suite; /* its name is NULL if none is asked for */
    struct cell cell;   /* then it is this one */
    const char *suite_name;
    unsigned rounds; /* 0: as the suite says, as below */
    unsigned repetitions;
    int64_t slice_ns;
    const char *json_path;
    const char *output_folder;
    bool resumes;
};

/* Its input is a struct bench_arguments that holds the defaults; afterwards its plan is settled,
 * but for the load's engine. */
extern const struct argp bench_options_parser;

#endif
