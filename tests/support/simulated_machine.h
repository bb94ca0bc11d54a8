/* A machine whose noise is known, to try statistics on: it drifts, each start of a server is a
 * little faster or slower for as long as it lives, each slice of measuring is off by itself, and
 * some are hit by a spike. All of it is in logarithms: 0.01 is 1 %. */
#ifndef TESTS_SUPPORT_SIMULATED_MACHINE_H
#define TESTS_SUPPORT_SIMULATED_MACHINE_H

#include <gsl/gsl_rng.h>
#include <stdbool.h>
#include <stddef.h>

struct noise {
    const char *name;
    double start;       /* standard deviation of what a start of a server brings along */
    double slice;       /* of a slice by itself */
    double drift;       /* of the machine */
    double memory;      /* how much of the drift is left one slice later */
    double spike_share; /* of slices */
    double spike;       /* mean of an exponential distribution */
};

struct machine {
    const struct noise *noise;
    gsl_rng *random;
    double drifted;
};

void machine_init(struct machine *machine, const struct noise *noise, unsigned long seed);
void machine_release(struct machine *machine);

/* What one start of a server brings along, to be added to its cost while it lives. */
double machine_start(struct machine *machine);

/* What is measured in the next slice, of a server with this cost (a logarithm). */
double machine_slice(struct machine *machine, double cost);

/* The log-ratio of a block of two slices of each: base, new, new, base, or the other way round, by
 * a coin. The middle of two is their mean, so that a spike is not overruled and the rule is tried
 * on blocks as bad as they can be. */
double machine_block(struct machine *machine, double base_cost, double new_cost);

/* Whether `seen` of `runs` is what may be expected at this rate: neither so few nor so many are
 * less likely than 0.0005, by the binomial distribution. */
bool count_can_be(size_t seen, size_t runs, double rate);

/* Whether the rate behind it can be this or lower. */
bool count_can_be_within(size_t seen, size_t runs, double limit);

#endif
