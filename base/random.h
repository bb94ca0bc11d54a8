/* Reproducible random numbers: Steele, Lea and Flood's SplitMix64. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* A well-mixed 64-bit number that depends on every bit of `number`. */
uint64_t random_mix(uint64_t number);

/* The next number of the sequence that `*state`, any seed, has begun. */
uint64_t random_next(uint64_t *state);

/* The next number from 0 to `bound` - 1, each as likely as the others. */
uint64_t random_below(uint64_t *state, uint64_t bound);

/* The next number from 2^-53 to 1: its logarithm is finite. */
double random_share(uint64_t *state);

/* Puts the numbers in a random order, each order as likely as the others: Fisher and Yates. */
void random_shuffle(size_t *numbers, size_t count, uint64_t *state);

#endif
