/* Has NEW become worse than BASE? By counting instructions, in the counted machine.
 *
 * What is counted are instructions, not time: caches, mispredicted branches, waiting for devices
 * and threads that stand in each other's way on several processors are not seen. */
#ifndef BENCH_COUNTED_GATE_H
#define BENCH_COUNTED_GATE_H

#include "bench/cell.h"
#include "bench/contender.h"
#include "bench/counted/judge.h"
#include "bench/counted/profile.h"
#include "bench/counted/quantity.h"
#include "machine/machine.h"
#include "results/measures/side.h"

#include <signal.h>

/* In the environment of proctor in the machine: which side it is. */
#define COUNTED_SIDE_VARIABLE "PROCTOR_COUNTED_SIDE"

#define COUNTED_SLICE_NS   (100 * NS_PER_MS) /* unless something else is asked for */
#define COUNTED_LAYOUTS    3
#define COUNTED_MUST_CATCH 0.005

struct gate_plan {
    const struct contender *contenders; /* base, new, and base again */
    const struct cell *cell;
    char *const *words; /* of proctor, with which it can be called again in the machine */
    int64_t slice_ns;
    unsigned layouts; /* 1 … LAYOUTS_MAX */
    double must_catch;
    uint64_t seed;
    bool profiles; /* names the functions that differ */
    const volatile sig_atomic_t *is_stopped;
};

struct gate {
    const struct gate_plan *plan;
    json_t *parts; /* what the machine is made of */
    struct counted_run runs[SIDES][LAYOUTS_MAX];
    size_t layouts; /* of which all sides were run */
    struct judged judged[QUANTITIES];
    enum decision verdict;
    struct profile profile; /* empty where nobody asked */
    char *profile_trouble;  /* owned; NULL, or why the kernel's functions have no names */
    char *trouble;          /* owned; NULL: none */
    enum side trouble_of;   /* SIDE_NONE: the machine's own */
    bool was_booted;
    bool is_cut;
    double elapsed_s;
};

/* Told before each run; may be NULL. */
typedef void gate_progress_function(size_t done, size_t all, void *context);

/* Runs all and decides. Release in every case. */
void gate_run(struct gate *gate, const struct gate_plan *plan, gate_progress_function *progress,
              void *context);
void gate_release(struct gate *gate);

#endif
