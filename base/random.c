#include "base/random.h"

#include <assert.h>

#define STEP 0x9e3779b97f4a7c15

uint64_t random_mix(uint64_t number)
{
    number += STEP;
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
    number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
    return number ^ (number >> 31);
}

uint64_t random_next(uint64_t *state)
{
    uint64_t number = random_mix(*state);
    *state += STEP;
    return number;
}

uint64_t random_below(uint64_t *state, uint64_t bound)
{
    assert(bound > 0);
    /* Numbers below the remainder of 2^64 by `bound` would make the small results likelier. */
    uint64_t unfair = -bound % bound;
    uint64_t number = 0;
    do
        number = random_next(state);
    while (number < unfair);
    return number % bound;
}

double random_share(uint64_t *state)
{
    return ((double)(random_next(state) >> 11) + 1) * 0x1p-53;
}

void random_shuffle(size_t *numbers, size_t count, uint64_t *state)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)random_below(state, i);
        size_t moved = numbers[i - 1];
        numbers[i - 1] = numbers[other];
        numbers[other] = moved;
    }
}
