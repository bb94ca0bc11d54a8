#include "tests/support/simulated_machine.h"

#include "results/measures/paired.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#define SLICES     2 /* of each side in a block */
#define IMPROBABLE 0.0005
#define LEAST_RATE 1e-5 /* for what is expected never or always, by what other runs have shown */

void machine_init(struct machine *machine, const struct noise *noise, unsigned long seed)
{
    *machine = (struct machine){.noise = noise, .random = gsl_rng_alloc(gsl_rng_mt19937)};
    gsl_rng_set(machine->random, seed);
}

void machine_release(struct machine *machine)
{
    gsl_rng_free(machine->random);
}

double machine_start(struct machine *machine)
{
    return gsl_ran_gaussian_ziggurat(machine->random, machine->noise->start);
}

double machine_slice(struct machine *machine, double cost)
{
    const struct noise *noise = machine->noise;
    double renewed = noise->drift * sqrt(1 - noise->memory * noise->memory);
    machine->drifted *= noise->memory;
    if (renewed > 0)
        machine->drifted += gsl_ran_gaussian_ziggurat(machine->random, renewed);
    cost += machine->drifted + gsl_ran_gaussian_ziggurat(machine->random, noise->slice);
    if (noise->spike_share > 0 && gsl_rng_uniform(machine->random) < noise->spike_share)
        cost += gsl_ran_exponential(machine->random, noise->spike);
    return exp(cost);
}

double machine_block(struct machine *machine, double base_cost, double new_cost)
{
    double base[SLICES];
    double later[SLICES];
    bool is_new_first = gsl_rng_uniform(machine->random) < 0.5;
    for (size_t i = 0; i < SLICES; i++) {
        bool is_new_now = is_new_first == (i % 2 == 0);
        double first = machine_slice(machine, is_new_now ? new_cost : base_cost);
        double second = machine_slice(machine, is_new_now ? base_cost : new_cost);
        later[i] = is_new_now ? first : second;
        base[i] = is_new_now ? second : first;
    }
    return paired_block(base, later, SLICES);
}

bool count_can_be(size_t seen, size_t runs, double rate)
{
    rate = fmin(fmax(rate, LEAST_RATE), 1 - LEAST_RATE);
    double at_most = gsl_cdf_binomial_P((unsigned)seen, rate, (unsigned)runs);
    double at_least = seen > 0 ? gsl_cdf_binomial_Q((unsigned)seen - 1, rate, (unsigned)runs) : 1;
    return at_most > IMPROBABLE && at_least > IMPROBABLE;
}

bool count_can_be_within(size_t seen, size_t runs, double limit)
{
    return (double)seen <= limit * (double)runs || count_can_be(seen, runs, limit);
}
