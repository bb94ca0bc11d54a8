#include "bench/rounds.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/socket.h"

#include <assert.h>
#include <stdlib.h>

/* The rounds of one repetition. */
struct rounds {
    struct bench_cell *bench;
    struct bench_progress *progress;
    uint64_t random_state;
    size_t *order; /* of the rows, a random one */
    unsigned repetition;
    unsigned first, end;
};

static void shuffle(struct rounds *rounds)
{
    random_shuffle(rounds->order, rounds->bench->count, &rounds->random_state);
}

static void take_slice(struct rounds *rounds, size_t number, unsigned round)
{
    struct bench_progress *progress = rounds->progress;
    if (progress->tell != NULL)
        progress->tell(progress->done, progress->all, progress->context);
    progress->done++;
    bench_take_slice(rounds->bench, number, rounds->repetition, round);
}

static void open_row(struct rounds *rounds, size_t number)
{
    bench_open(rounds->bench, number);
    bench_warm_up(rounds->bench, number);
}

/* Every server at once, a slice each in every round. */
static void repeat_resident(struct rounds *rounds)
{
    struct bench_cell *bench = rounds->bench;
    size_t open = 0;
    for (; open < bench->count && !bench_is_stopped(bench); open++)
        open_row(rounds, open);
    for (unsigned round = rounds->first; round < rounds->end; round++) {
        shuffle(rounds);
        for (size_t i = 0; i < bench->count && open == bench->count && !bench_is_stopped(bench);
             i++)
            take_slice(rounds, rounds->order[i], round);
    }
    for (size_t i = 0; i < open; i++)
        bench_close(bench, i);
}

/* One server after the other, as there are not descriptors for all of them at once. */
static void repeat_in_turn(struct rounds *rounds)
{
    struct bench_cell *bench = rounds->bench;
    shuffle(rounds);
    for (size_t i = 0; i < bench->count && !bench_is_stopped(bench); i++) {
        size_t number = rounds->order[i];
        open_row(rounds, number);
        for (unsigned round = rounds->first; round < rounds->end && !bench_is_stopped(bench);
             round++)
            take_slice(rounds, number, round);
        bench_close(bench, number);
    }
}

static void repeat(struct rounds *rounds)
{
    struct bench_cell *bench = rounds->bench;
    const struct bench_plan *plan = &bench->plan;
    for (unsigned i = 0; i < plan->repetitions && !bench_is_stopped(bench); i++) {
        rounds->repetition = i;
        rounds->first = plan->rounds * i / plan->repetitions;
        rounds->end = plan->rounds * (i + 1) / plan->repetitions;
        (bench->is_resident ? repeat_resident : repeat_in_turn)(rounds);
    }
    bench->is_cut = bench_is_stopped(bench);
}

void bench_run_cell(struct bench_cell *bench, const struct bench_plan *plan,
                    const struct cell *cell, const bool skips[], struct bench_progress *progress)
{
    assert(plan->repetitions >= 1 && plan->repetitions <= plan->rounds);
    bench_init(bench, plan, cell, skips);
    size_t needed =
        bench->count * (cell_descriptors(cell) + BENCH_OWN_DESCRIPTORS) + BENCH_OWN_DESCRIPTORS;
    bench->is_resident = needed <= socket_raise_descriptor_limit();
    struct rounds rounds = {
        .bench = bench,
        .progress = progress,
        .random_state = random_mix(plan->seed ^ (uint64_t)cell->load.clients),
        .order = allocate(bench->count, sizeof *rounds.order),
    };
    for (size_t i = 0; i < bench->count; i++)
        rounds.order[i] = i;
    repeat(&rounds);
    for (size_t i = 0; i < bench->count; i++)
        bench_row_judge(&bench->rows[i], &cell->load, !plan->pinning.is_on);
    free(rounds.order);
}
