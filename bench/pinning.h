/* Which processors the servers run on, and which the load: apart, where there are enough. */
#ifndef BENCH_PINNING_H
#define BENCH_PINNING_H

#include <jansson.h>
#include <sched.h>
#include <stdbool.h>

#define PINNING_CPUS_MAX 1024

struct pinning {
    bool is_on;
    cpu_set_t servers;
    unsigned generator[PINNING_CPUS_MAX];
    unsigned generator_count;
};

/* The first half of the processors that this process may use for the servers, the rest for the
 * load, if there are `least` of them; otherwise it is off. */
void pinning_choose(struct pinning *pinning, unsigned least);

/* Lets the calling thread run on the servers' processors only, so that what it starts does too;
 * `before` is what pinning_leave() goes back to. Nothing if it is off. */
void pinning_enter(const struct pinning *pinning, cpu_set_t *before);
void pinning_leave(const struct pinning *pinning, const cpu_set_t *before);

/* A new object with the processors of both, or null; the caller owns it. */
json_t *pinning_describe(const struct pinning *pinning);

#endif
