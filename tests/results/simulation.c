/* How often the rule, the intervals and the ranking are wrong, on machines whose truth is known.
 *
 * Theory of operation: on a simulated machine (tests/support/simulated_machine.h) runs what is
 * tested, some thousand times, and what came out is counted. Two questions are put to a count, both
 * with the exact binomial distribution: can the rate behind it be the one that 200,000 runs with
 * another seed gave, so that a change of the arithmetic shows; and can it be as low as what was
 * promised. Seeds are fixed: what passes once passes always. The controls do on purpose what must
 * not be done and expect it to break the promise, so that it is seen that the others could fail.
 *
 * `build/dev/tests/test_results_simulation --jobs 1` prints the counts; SIMULATION_RUNS and
 * SIMULATION_SEED in the environment make other and longer ones (docs/method.md). */
#include "results/measures/decision.h"
#include "results/measures/paired.h"
#include "results/measures/ranking.h"
#include "tests/support/simulated_machine.h"

#include <criterion/criterion.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LENGTH(array)    (sizeof(array) / sizeof(array)[0])
#define BLOCKS_MAX       24
#define SERVERS          9
#define ROUNDS           10
#define RUNS_OF_RULE     2000
#define RUNS_OF_INTERVAL 1500
#define RUNS_OF_RANKING  500

static const struct noise quiet = {"quiet", 0.008, 0.008, 0, 0, 0, 0};
static const struct noise drift = {"drift", 0.008, 0.008, 0.04, 0.9, 0, 0};
static const struct noise spikes = {"drift and spikes", 0.008, 0.008, 0.04, 0.9, 0.05, 0.11};
static const struct noise neighbour = {"loud neighbour", 0.008, 0.008, 0.04, 0.9, 0.15, 0.12};
static const struct noise uneven = {"uneven starts", 0.02, 0.008, 0, 0, 0, 0};

static size_t from_environment(const char *name, size_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoul(text, NULL, 10) : otherwise;
}

static void begin(struct machine *machine, const struct noise *noise)
{
    machine_init(machine, noise, from_environment("SIMULATION_SEED", 7));
}

/*** The rule ***/

struct outcome {
    double change;
    double worse;
    double same;
};

struct tally {
    size_t of[DECISION_INCONCLUSIVE + 1];
    size_t blocks;
};

/* One comparison. Starting once is what must not be done: slices of one start taken for blocks. */
static void compare_once(struct machine *machine, double shift, bool starts_once,
                         struct tally *tally)
{
    struct decision_rule rule = decision_rule_default(0.05);
    double blocks[BLOCKS_MAX];
    double base = machine_start(machine);
    double later = machine_start(machine);
    size_t filled = 0;
    struct decision_look look = {.decision = DECISION_OPEN};
    for (size_t i = 0; look.decision == DECISION_OPEN; i++) {
        for (; filled < rule.looks[i]; filled++) {
            if (!starts_once) {
                base = machine_start(machine);
                later = machine_start(machine);
            }
            blocks[filled] = machine_block(machine, base, later + shift);
        }
        look = decision_look(&rule, i, blocks, filled);
    }
    tally->of[look.decision]++;
    tally->blocks += filled;
}

static struct tally compare_often(struct machine *machine, double change, bool starts_once,
                                  size_t runs)
{
    struct tally tally = {.blocks = 0};
    for (size_t run = 0; run < runs; run++)
        compare_once(machine, log1p(change), starts_once, &tally);
    return tally;
}

static void print_tally(const struct noise *noise, double change, const struct tally *tally,
                        size_t runs)
{
    double per_run = 1 / (double)runs;
    printf("%-16s %+3.0f %%  %.4f worse  %.4f same  %.4f better  %.4f inconclusive  %4.1f blocks\n",
           noise->name, 100 * change, (double)tally->of[DECISION_WORSE] * per_run,
           (double)tally->of[DECISION_SAME] * per_run, (double)tally->of[DECISION_BETTER] * per_run,
           (double)tally->of[DECISION_INCONCLUSIVE] * per_run, (double)tally->blocks * per_run);
}

static double block_deviation(struct machine *machine)
{
    double squares = 0;
    for (size_t i = 0; i < 10000; i++) {
        double block = machine_block(machine, machine_start(machine), machine_start(machine));
        squares += block * block;
    }
    return sqrt(squares / 10000);
}

static void expect_outcome(const struct noise *noise, const struct outcome *expected,
                           const struct tally *tally, size_t runs)
{
    size_t worse = tally->of[DECISION_WORSE];
    size_t same = tally->of[DECISION_SAME];
    cr_expect(count_can_be(worse, runs, expected->worse), "%s, %+g: %zu of %zu worse", noise->name,
              expected->change, worse, runs);
    cr_expect(count_can_be(same, runs, expected->same), "%s, %+g: %zu of %zu same", noise->name,
              expected->change, same, runs);
}

static void expect_at_most(double limit, const struct tally *tally, enum decision decision,
                           size_t runs)
{
    cr_expect(count_can_be_within(tally->of[decision], runs, limit),
              "decision %d falsely in %zu of %zu", (int)decision, tally->of[decision], runs);
}

static void expect_promise(double change, const struct tally *tally, size_t runs)
{
    if (change <= 0.01)
        expect_at_most(0.01, tally, DECISION_WORSE, runs);
    if (change >= 0)
        expect_at_most(0.01, tally, DECISION_BETTER, runs);
    if (change >= 0.05)
        expect_at_most(0.05, tally, DECISION_SAME, runs);
}

static void expect_outcomes(const struct noise *noise, const struct outcome *expected, size_t count)
{
    size_t runs = from_environment("SIMULATION_RUNS", RUNS_OF_RULE);
    struct machine machine;
    begin(&machine, noise);
    printf("%s: blocks deviate by %.1f %%\n", noise->name, 100 * block_deviation(&machine));
    for (size_t i = 0; i < count; i++) {
        double change = expected[i].change;
        struct tally tally = compare_often(&machine, change, false, runs);
        print_tally(noise, change, &tally, runs);
        expect_outcome(noise, &expected[i], &tally, runs);
        expect_promise(change, &tally, runs);
    }
    fflush(stdout);
    machine_release(&machine);
}

Test(rule, on_a_quiet_machine)
{
    static const struct outcome expected[] = {
        {-0.05, 0, 0.0656},     {0, 0, 1},
        {0.01, 0.0025, 0.9975}, {0.02, 0.0605, 0.9395},
        {0.03, 0.4958, 0.5042}, {0.05, 0.9993, 0.0007},
        {0.08, 1, 0},
    };
    expect_outcomes(&quiet, expected, LENGTH(expected));
}

Test(rule, on_a_drifting_machine)
{
    static const struct outcome expected[] = {
        {-0.05, 0, 0.3176},   {0, 0.0001, 0.9998},  {0.01, 0.0027, 0.9973}, {0.02, 0.0524, 0.9476},
        {0.03, 0.434, 0.566}, {0.05, 0.995, 0.005}, {0.08, 1, 0},
    };
    expect_outcomes(&drift, expected, LENGTH(expected));
}

Test(rule, with_spikes)
{
    static const struct outcome expected[] = {
        {-0.05, 0, 0.6036},     {0, 0.0001, 0.9934},    {0.01, 0.002, 0.9769},
        {0.02, 0.0468, 0.8877}, {0.03, 0.3496, 0.5359}, {0.05, 0.9362, 0.0082},
        {0.08, 0.9977, 0},
    };
    expect_outcomes(&spikes, expected, LENGTH(expected));
}

Test(rule, beside_a_loud_neighbour)
{
    static const struct outcome expected[] = {
        {-0.05, 0, 0.8658},     {0, 0.0001, 0.9156},   {0.01, 0.0021, 0.811},
        {0.02, 0.0267, 0.6209}, {0.03, 0.152, 0.3452}, {0.05, 0.6233, 0.0165},
        {0.08, 0.9464, 0},
    };
    expect_outcomes(&neighbour, expected, LENGTH(expected));
}

/*** What breaks the promise ***/

/* A test at 1 % after every block from the fourth on, until it says worse. */
static bool peeks_until_worse(struct machine *machine)
{
    struct decision_rule rule = {.must_catch = 0.05,
                                 .false_worse = 0.01,
                                 .false_same = 0.05,
                                 .looks = {24},
                                 .look_count = 1};
    double blocks[BLOCKS_MAX];
    for (size_t i = 0; i < BLOCKS_MAX; i++) {
        blocks[i] = machine_block(machine, machine_start(machine), machine_start(machine));
        if (i >= 3 && decision_last_look(&rule, 0, blocks, i + 1).decision == DECISION_WORSE)
            return true;
    }
    return false;
}

Test(control, looking_after_every_block_breaks_the_promise)
{
    size_t runs = from_environment("SIMULATION_RUNS", RUNS_OF_RULE);
    struct machine machine;
    begin(&machine, &drift);
    size_t worse = 0;
    for (size_t run = 0; run < runs; run++)
        worse += peeks_until_worse(&machine);
    printf("looked at after every block: %.4f falsely worse, promised 0.01\n",
           (double)worse / (double)runs);
    fflush(stdout);
    cr_expect(count_can_be(worse, runs, 0.0541), "%zu of %zu", worse, runs);
    cr_expect(!count_can_be_within(worse, runs, 0.01));
    machine_release(&machine);
}

Test(control, taking_slices_of_one_start_for_blocks_breaks_the_promise)
{
    size_t runs = from_environment("SIMULATION_RUNS", RUNS_OF_RULE);
    struct machine machine;
    begin(&machine, &uneven);
    size_t starting = compare_often(&machine, 0, false, runs).of[DECISION_WORSE];
    size_t staying = compare_often(&machine, 0, true, runs).of[DECISION_WORSE];
    printf("uneven starts: %.4f falsely worse; with one start for all blocks %.4f\n",
           (double)starting / (double)runs, (double)staying / (double)runs);
    fflush(stdout);
    cr_expect(count_can_be_within(starting, runs, 0.01), "%zu of %zu", starting, runs);
    cr_expect(count_can_be(staying, runs, 0.1957), "%zu of %zu", staying, runs);
    cr_expect(!count_can_be_within(staying, runs, 0.01));
    machine_release(&machine);
}

/*** Intervals ***/

static void expect_coverage(const struct noise *noise, size_t count)
{
    size_t runs = from_environment("SIMULATION_RUNS", RUNS_OF_INTERVAL);
    struct machine machine;
    begin(&machine, noise);
    struct paired_estimate estimate = {.confidence = 0};
    size_t covered = 0;
    for (size_t run = 0; run < runs; run++) {
        double blocks[BLOCKS_MAX];
        for (size_t i = 0; i < count; i++)
            blocks[i] = machine_block(&machine, machine_start(&machine),
                                      machine_start(&machine) + log1p(0.03));
        estimate = paired_estimate(blocks, count, 0.95);
        covered += estimate.low <= log1p(0.03) && log1p(0.03) <= estimate.high;
    }
    printf("%-16s %2zu blocks: the interval holds the truth in %.4f, by arithmetic %.4f\n",
           noise->name, count, (double)covered / (double)runs, estimate.confidence);
    fflush(stdout);
    cr_expect(count_can_be(covered, runs, estimate.confidence), "%s, %zu blocks: %zu of %zu",
              noise->name, count, covered, runs);
    machine_release(&machine);
}

Test(interval, holds_the_truth_as_often_as_it_says)
{
    expect_coverage(&quiet, 6);
    expect_coverage(&drift, 10);
    expect_coverage(&spikes, 10);
    expect_coverage(&neighbour, 16);
}

/*** Rankings ***/

struct misjudged {
    size_t against_reference; /* rankings with an interval that misses the truth */
    size_t best;              /* that leave out the server that is best in truth */
    size_t slow_kept;         /* that do not tell the slow one apart */
    size_t friedman;          /* that find servers different at 5 % */
};

static void fill_round(struct machine *machine, const double *costs, double *values)
{
    size_t order[SERVERS];
    for (size_t i = 0; i < SERVERS; i++)
        order[i] = i;
    gsl_ran_shuffle(machine->random, order, SERVERS, sizeof *order);
    for (size_t i = 0; i < SERVERS; i++)
        values[order[i]] = machine_slice(machine, costs[order[i]] + machine_start(machine));
}

/* costs[0] is the lowest, costs[SERVERS - 1] the highest; the reference is in between. */
static void rank_once(struct machine *machine, const double *costs, double confidence,
                      struct misjudged *misjudged)
{
    enum { REFERENCE = 3 };
    double values[ROUNDS * SERVERS];
    for (size_t round = 0; round < ROUNDS; round++)
        fill_round(machine, costs, &values[round * SERVERS]);
    struct ranking ranking;
    ranking_init(&ranking, &(struct ranking_question){.values = values,
                                                      .servers = SERVERS,
                                                      .rounds = ROUNDS,
                                                      .reference = REFERENCE,
                                                      .confidence = confidence});
    bool misses = false;
    for (size_t i = 0; i < SERVERS; i++) {
        const struct paired_estimate *estimate = &ranking.places[i].against_reference;
        double truth = costs[i] - costs[REFERENCE];
        misses = misses || truth < estimate->low || truth > estimate->high;
    }
    misjudged->against_reference += misses;
    misjudged->best += !ranking.places[0].is_among_best;
    misjudged->slow_kept += ranking.places[SERVERS - 1].is_among_best;
    misjudged->friedman += ranking.friedman_p < 0.05;
    ranking_release(&ranking);
}

static struct misjudged rank_often(const double *costs, double confidence, size_t runs)
{
    struct machine machine;
    begin(&machine, &quiet);
    struct misjudged misjudged = {0};
    for (size_t run = 0; run < runs; run++)
        rank_once(&machine, costs, confidence, &misjudged);
    machine_release(&machine);
    printf("ranked at %.2f: %.4f with a false interval, %.4f without the best, %.4f with the last, "
           "%.4f different\n",
           confidence, (double)misjudged.against_reference / (double)runs,
           (double)misjudged.best / (double)runs, (double)misjudged.slow_kept / (double)runs,
           (double)misjudged.friedman / (double)runs);
    fflush(stdout);
    return misjudged;
}

Test(ranking, of_servers_that_are_alike_finds_no_difference)
{
    static const double costs[SERVERS] = {0};
    size_t runs = from_environment("SIMULATION_RUNS", RUNS_OF_RANKING);
    struct misjudged misjudged = rank_often(costs, 0.95, runs);
    cr_expect(count_can_be_within(misjudged.against_reference, runs, 0.05));
    cr_expect(count_can_be_within(misjudged.best, runs, 0.05));
    cr_expect(count_can_be_within(misjudged.friedman, runs, 0.05));
}

Test(ranking, keeps_the_best_and_loses_the_slow)
{
    static const double costs[SERVERS] = {0, 0.002, 0.004, 0.01, 0.01, 0.01, 0.02, 0.05, 0.1};
    size_t runs = from_environment("SIMULATION_RUNS", RUNS_OF_RANKING);
    struct misjudged misjudged = rank_often(costs, 0.95, runs);
    cr_expect(count_can_be_within(misjudged.against_reference, runs, 0.05));
    cr_expect(count_can_be_within(misjudged.best, runs, 0.05));
    cr_expect(count_can_be_within(misjudged.slow_kept, runs, 0.05));
}

/* So that each of the eight intervals holds by itself with 0.95. */
Test(control, intervals_that_hold_only_one_by_one_break_the_promise)
{
    static const double costs[SERVERS] = {0};
    size_t runs = from_environment("SIMULATION_RUNS", RUNS_OF_RANKING);
    struct misjudged misjudged = rank_often(costs, 1 - 0.05 * (SERVERS - 1), runs);
    cr_expect(!count_can_be_within(misjudged.against_reference, runs, 0.05));
}
