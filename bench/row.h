/* The results of one server, over all its starts. */
#ifndef BENCH_ROW_H
#define BENCH_ROW_H

#include "bench/lane.h"
#include "loadgen/judgement.h"

struct bench_row {
    const struct contender *contender;
    struct lane lane;           /* of the start under way, or the last one */
    unsigned starts;            /* that have ended */
    struct load_result total;   /* all repetitions together; clients: the worst of them */
    unsigned slices;            /* measured */
    char *trouble;              /* a sentence, NULL if there was none; owned */
    struct judgement judgement; /* of its figures */
};

void bench_row_init(struct bench_row *row, const struct contender *contender);
void bench_row_release(struct bench_row *row);

/* Adds the results of the row's lane, which is closed. */
void bench_row_absorb(struct bench_row *row);

/* Judges the figures of all starts together; the load may share the servers' processors. */
void bench_row_judge(struct bench_row *row, const struct load_plan *load, bool shares_processors);

#endif
