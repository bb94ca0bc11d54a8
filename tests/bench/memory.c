/* What a comparison says of memory, and of calls that differ from start to start, from starts that
 * stand here as they might have been measured. */
#include "bench/compare/memory.h"

#include "base/random.h"
#include "bench/compare/count.h"
#include "bench/compare/counts.h"
#include "results/measures/unpaired.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define CONNECTIONS   64
#define STEP          1024.0 /* 64 KiB on so many connections */

/*** The estimate ***/

Test(unpaired, by_hand)
{
    /* Differences -2 to 7: sorted -2 0 1 2 3 3 5 5 7, of 20 orders one each has U = 0 and 1. */
    const double base[] = {3, 5, 8};
    const double later[] = {6, 8, 10};
    struct paired_estimate estimate = unpaired_estimate(base, 3, later, 3, 0.89);
    cr_expect_float_eq(estimate.shift, 3, 1e-12);
    cr_expect(estimate.low == -2 && estimate.high == 7 && estimate.is_exact_level);
    cr_expect_float_eq(estimate.confidence, 0.9, 1e-12);
    estimate = unpaired_estimate(base, 3, later, 3, 0.95);
    cr_expect(estimate.low == -2 && estimate.high == 7 && !estimate.is_exact_level);
    cr_expect_float_eq(estimate.confidence, 0.9, 1e-12);
    estimate = unpaired_estimate(base, 3, later, 3, 0.79);
    cr_expect(estimate.low == 0 && estimate.high == 5 && estimate.is_exact_level);
}

Test(unpaired, as_in_the_tables)
{
    /* Mann and Whitney's critical values, two sides of 2.5 %. */
    static const struct {
        size_t base;
        size_t later;
        size_t critical;
    } rows[] = {{10, 5, 8}, {12, 6, 14}, {10, 10, 23}, {20, 20, 127}, {4, 4, 0}};
    double base[20];
    double later[20];
    for (size_t i = 0; i < 20; i++) {
        base[i] = 20.0 * (double)i;
        later[i] = (double)i;
    }
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct paired_estimate estimate =
            unpaired_estimate(base, rows[i].base, later, rows[i].later, 0.95);
        size_t below = 0;
        for (size_t j = 0; j < rows[i].base * rows[i].later; j++)
            below += later[j % rows[i].later] - base[j / rows[i].later] < estimate.low;
        cr_expect_eq(below, rows[i].critical, "%zu of row %zu", below, i);
        cr_expect(estimate.is_exact_level);
    }
}

Test(unpaired, many_starts_are_not_too_many)
{
    double base[128];
    double later[64];
    for (size_t i = 0; i < 128; i++)
        base[i] = (double)i;
    for (size_t i = 0; i < 64; i++)
        later[i] = 2 * (double)i + 10.5;
    struct paired_estimate estimate = unpaired_estimate(base, 128, later, 64, 0.999);
    cr_expect_float_eq(estimate.shift, 10, 1);
    cr_expect_float_eq(estimate.confidence, 0.999, 1e-4);
    cr_expect(estimate.low < 0 && estimate.high > 20);
}

/*** What is said ***/

static struct cell cell;

static double normal(uint64_t *state)
{
    return sqrt(-2 * log(random_share(state))) * cos(2 * M_PI * random_share(state));
}

/* How the memory of a connection comes to be; `scatter` is a share of `bytes`. */
struct server {
    double bytes;
    double scatter;
    bool is_skewed; /* now and then a start takes much more */
};

static double start_of(const struct server *server, uint64_t *state)
{
    double drawn = normal(state);
    double off = server->is_skewed ? exp(drawn) - 1 : drawn;
    return server->bytes * (1 + server->scatter * off);
}

/* So many starts of each side, in so many blocks. The caller frees the reason. */
static struct compared weigh(const struct server servers[SIDES], size_t starts, size_t blocks,
                             uint64_t *state)
{
    struct decision_rule rule = decision_rule_divide(decision_rule_default(0.05), 6);
    struct comparison comparison = {.blocks = blocks};
    cell.load.clients = CONNECTIONS;
    comparison.bench.cell = &cell;
    comparison.block.number = (unsigned)blocks;
    comparison.metrics[METRIC_MEMORY] =
        (struct compared){.metric = METRIC_MEMORY, .by = COMPARED_BY_STARTS};
    for (size_t i = 0; i < starts; i++)
        for (size_t side = 0; side < SIDES; side++)
            comparison.starts[METRIC_MEMORY].of[side][i] = start_of(&servers[side], state);
    comparison.starts[METRIC_MEMORY].count = starts;
    comparison_look_at_memory(&comparison, &rule);
    return comparison.metrics[METRIC_MEMORY];
}

/* How many of 1000 comparisons have this verdict. */
static size_t count(const struct server *base, const struct server *later, size_t starts,
                    enum decision verdict)
{
    const struct server servers[SIDES] = {*base, *later, *base};
    uint64_t state = 7;
    size_t seen = 0;
    for (size_t i = 0; i < 1000; i++) {
        struct compared compared = weigh(servers, starts, starts, &state);
        seen += compared.verdict == verdict;
        cr_assert_eq(compared.is_gated, compared.verdict != DECISION_INCONCLUSIVE);
        cr_assert_eq(compared.reason == NULL, compared.is_gated);
        free(compared.reason);
    }
    return seen;
}

/* The scatter that was seen of node, java, threads of Python, and the ten models. */
static const struct server node = {45e3, 0.08, false};
static const struct server java = {305e3, 0.015, false};
static const struct server threads = {32e3, 0.23, false};
static const struct server hoarder = {32e3, 0.3, true};
static const struct server exact = {640, 0, false};

static struct server more_of(const struct server *server, double factor, double bytes)
{
    return (struct server){server->bytes * factor + bytes, server->scatter, server->is_skewed};
}

Test(memory, of_itself_is_not_worse)
{
    const struct server *const all[] = {&node, &java, &threads, &hoarder, &exact};
    const size_t starts[] = {1, 3, 4, 5, 6, 10, 24};
    for (size_t i = 0; i < LENGTH(all); i++)
        for (size_t j = 0; j < LENGTH(starts); j++) {
            size_t worse = count(all[i], all[i], starts[j], DECISION_WORSE);
            cr_expect_leq(worse, 2, "%zu of 1000 of server %zu, %zu starts", worse, i, starts[j]);
        }
}

Test(memory, a_third_more_is_worse_although_starts_scatter)
{
    struct server leaky = more_of(&node, 1.3, 0);
    cr_expect_gt(count(&node, &leaky, 6, DECISION_WORSE), 800);
    cr_expect_gt(count(&node, &leaky, 10, DECISION_WORSE), 995);
    leaky = more_of(&java, 1.1, 0);
    cr_expect_gt(count(&java, &leaky, 6, DECISION_WORSE), 995);
    leaky = more_of(&threads, 1.5, 0);
    cr_expect_gt(count(&threads, &leaky, 24, DECISION_WORSE), 950);
    leaky = more_of(&hoarder, 2, 0);
    cr_expect_gt(count(&hoarder, &leaky, 16, DECISION_WORSE), 950);
}

Test(memory, of_what_does_not_scatter_a_step_is_worse)
{
    struct server later = more_of(&exact, 1, STEP + 1);
    cr_expect_eq(count(&exact, &later, 6, DECISION_WORSE), 1000);
    later = more_of(&exact, 1, STEP);
    cr_expect_eq(count(&exact, &later, 6, DECISION_SAME), 1000);
    cr_expect_eq(count(&exact, &exact, 6, DECISION_SAME), 1000);
    struct server before = more_of(&exact, 1, STEP + 1);
    cr_expect_eq(count(&before, &exact, 6, DECISION_BETTER), 1000);
}

Test(memory, few_starts_decide_only_what_is_far_apart)
{
    struct server later = more_of(&exact, 100, 0);
    cr_expect_eq(count(&exact, &later, 3, DECISION_INCONCLUSIVE), 1000);
    cr_expect_eq(count(&exact, &later, 4, DECISION_WORSE), 1000);
    later = more_of(&java, 1.3, 0);
    cr_expect_gt(count(&java, &later, 4, DECISION_WORSE), 990);
    later = more_of(&node, 1.3, 0);
    cr_expect_lt(count(&node, &later, 4, DECISION_WORSE), 500);
}

Test(memory, where_base_differs_from_its_copy_only_what_holds_against_both_stands)
{
    const struct server servers[SIDES] = {exact, more_of(&exact, 1, 4 * STEP),
                                          more_of(&exact, 1, 4 * STEP)};
    uint64_t state = 7;
    struct compared compared = weigh(servers, 10, 10, &state);
    cr_expect_eq(compared.verdict, DECISION_INCONCLUSIVE);
    cr_expect(!compared.is_gated && compared.reason != NULL);
    free(compared.reason);
    const struct server worse[SIDES] = {exact, more_of(&exact, 1, 9 * STEP),
                                        more_of(&exact, 1, 4 * STEP)};
    compared = weigh(worse, 10, 10, &state);
    cr_expect_eq(compared.verdict, DECISION_WORSE);
    cr_expect_null(compared.reason);
}

Test(memory, that_was_not_weighed_is_not_shown)
{
    const struct server servers[SIDES] = {exact, exact, exact};
    uint64_t state = 7;
    struct compared compared = weigh(servers, 0, 6, &state);
    cr_expect(!compared_is_measured(&compared) && !compared.is_gated);
    cr_expect_eq(compared.by, COMPARED_BY_NOTHING);
    compared = weigh(servers, 0, 0, &state);
    cr_expect(!compared_is_measured(&compared) && !compared.is_gated);
    cr_expect_eq(compared.by, COMPARED_BY_STARTS);
}

/* How many of 1000 comparisons have this verdict of calls, in six starts. */
static size_t count_calls(const struct server *base, const struct server *later,
                          enum decision verdict)
{
    struct decision_rule rule = decision_rule_divide(decision_rule_default(0.05), 7);
    uint64_t state = 7;
    size_t seen = 0;
    for (size_t i = 0; i < 1000; i++) {
        struct comparison comparison = {.blocks = 0};
        struct compared *calls = &comparison.metrics[METRIC_SERVER_CALLS];
        struct starts *starts = &comparison.starts[METRIC_SERVER_CALLS];
        *calls = (struct compared){.by = COMPARED_BY_STARTS, .is_gated = true};
        starts->tolerance = 0.03;
        for (size_t start = 0; start < 6; start++)
            starts_note(starts, (double[SIDES]){start_of(base, &state), start_of(later, &state),
                                                start_of(base, &state)});
        comparison_look_at_counts(&comparison, &rule);
        seen += calls->verdict == verdict;
        cr_assert_eq(calls->is_gated, calls->verdict != DECISION_INCONCLUSIVE);
        free(calls->reason);
    }
    return seen;
}

Test(calls, that_differ_from_start_to_start_are_not_worse_than_themselves)
{
    const struct server waking = {3.7, 0.05, false};
    const struct server collecting = {3, 0.3, true};
    cr_expect_leq(count_calls(&waking, &waking, DECISION_WORSE), 2);
    cr_expect_leq(count_calls(&collecting, &collecting, DECISION_WORSE), 2);
    cr_expect_gt(count_calls(&waking, &waking, DECISION_SAME), 990);
}

Test(calls, one_more_is_worse_although_they_differ)
{
    const struct server waking = {3.7, 0.05, false};
    const struct server later = more_of(&waking, 1, 1);
    cr_expect_gt(count_calls(&waking, &later, DECISION_WORSE), 950);
    cr_expect_eq(count_calls(&waking, &later, DECISION_SAME), 0);
}

/*** Counts that are as good as exact ***/

/* A call more in every second request, in one start of three; `more` always. */
static double wakes_now_and_then(uint64_t *state, double more)
{
    return 3.7 + more + (random_share(state) < 1.0 / 3 ? 0.5 : 0);
}

static void note_least(double values[SIDES], const double start[SIDES], bool is_first)
{
    for (size_t side = 0; side < SIDES; side++)
        values[side] = is_first ? start[side] : fmin(values[side], start[side]);
}

/* How many of so many comparisons are worse by the counts alone. */
static size_t count_worse(size_t comparisons, double more)
{
    uint64_t state = 11;
    size_t worse = 0;
    for (size_t i = 0; i < comparisons; i++) {
        struct compared compared = {.metric = METRIC_SERVER_CALLS, .is_gated = true};
        struct starts starts = {.tolerance = 0.03};
        while (counts_need_more_starts(&starts)) {
            double start[SIDES];
            for (size_t side = 0; side < SIDES; side++)
                start[side] = wakes_now_and_then(&state, side == SIDE_NEW ? more : 0);
            note_least(compared.values, start, starts.count == 0);
            starts_note(&starts, start);
        }
        compared_conclude_counts(&compared, &starts);
        worse += compared.by == COMPARED_BY_COUNT && compared.verdict == DECISION_WORSE;
        free(compared.reason);
    }
    return worse;
}

Test(calls, that_are_alike_by_chance_are_not_exact)
{
    cr_expect_leq(count_worse(20000, 0), 2);
}

static enum decision conclude(const double start[SIDES], size_t count)
{
    struct compared compared = {.metric = METRIC_SERVER_CALLS, .is_gated = true};
    struct starts starts = {.tolerance = 0.03};
    for (size_t i = 0; i < count; i++)
        starts_note(&starts, start);
    note_least(compared.values, start, true);
    compared_conclude_counts(&compared, &starts);
    free(compared.reason);
    return compared.verdict;
}

Test(calls, exact_ones_decide_once_there_are_enough_starts)
{
    const double some_more[SIDES] = {3, 3.1, 3};
    const double one_more[SIDES] = {3, 4, 3};
    cr_expect_eq(conclude(some_more, 6), DECISION_WORSE);
    cr_expect_eq(conclude(some_more, 3), DECISION_SAME, "not a whole call");
    cr_expect_eq(conclude(one_more, 1), DECISION_INCONCLUSIVE, "it may be chance");
    cr_expect_eq(conclude(one_more, 6), DECISION_WORSE);
}
