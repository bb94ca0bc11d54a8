/* Servers side by side: all resident, loaded in turns in short slices.
 *
 * A machine's speed drifts by several per cent within seconds. Servers that are measured one after
 * the other are therefore measured on different machines; servers that take slices of a fraction
 * of a second in turns meet the same drift. A round is one slice of every server, in a fresh
 * random order, so that no server always follows the same neighbour. The spread over the rounds
 * says how far the figures can be trusted.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "loadgen/load.h"
#include "results/statistics.h"

#include <stdbool.h>

enum bench_metric {
    METRIC_THROUGHPUT,
    METRIC_P50,
    METRIC_P99,
    METRIC_P999,
    METRIC_SERVER_CPU,    /* of the server's processes, per request, in us */
    METRIC_SERVER_CALLS,  /* system calls of the server's processes, per request */
    METRIC_GENERATOR_CPU, /* of the load's threads, likewise */
    METRICS,
};

/* "throughput_per_s" and so on, as they stand in documents. */
const char *bench_metric_name(enum bench_metric metric);

/* A server to be measured: this program with the model, or somebody else's command. */
struct contender {
    const char *name;
    const char *command; /* for a shell, with BENCH_PORT_PLACE in it; NULL: the model */
};

#define BENCH_PORT_PLACE "{port}"

struct bench_plan {
    const struct contender *contenders;
    size_t count;
    struct load_plan load; /* its address is filled in per server */
    unsigned rounds;
    int64_t lead_in_ns; /* of each slice, not measured */
    int64_t slice_ns;
    uint64_t seed; /* of the order of slices */
};

/* What one server has come to. */
struct bench_row {
    const struct contender *contender;
    char **command;           /* NULL-terminated; owned */
    double *values[METRICS];  /* one per round; owned */
    unsigned rounds;          /* measured: fewer than planned if it ended */
    struct load_result total; /* totals, and the latencies of all rounds together */
    bool has_ended;           /* of itself, during the bench */
    bool has_calls;           /* could its system calls be counted? */
};

struct bench {
    struct bench_row *rows;
    size_t count;
};

/* Told before each round; may be NULL. */
typedef void bench_progress_function(unsigned round, unsigned rounds);

/* Runs the plan. 0, or -errno with the name of the contender that could not be started in `*name`.
 * Release in every case. */
int bench_run(struct bench *bench, const struct bench_plan *plan, bench_progress_function *progress,
              const char **name);

/* Median and quartiles over the rounds. */
struct spread bench_spread(const struct bench_row *row, enum bench_metric metric);

/* Did every server live and serve, and was every request answered rightly? */
bool bench_is_sound(const struct bench *bench);

void bench_release(struct bench *bench);

#endif
