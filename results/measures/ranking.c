/* Theory of operation: a round is to servers what a block is to two builds. Two servers are
 * compared by the log-ratios of the rounds that have both; a round in which one is missing is
 * dropped for that pair and no other. Estimate and interval are those of results/measures/paired.h.
 *
 * Intervals hold together: k - 1 of them are read side by side, and one that misses the truth
 * spoils the reading. Each is made with confidence 1 - (1 - c) / (k - 1), so that all of them
 * hold with c (Bonferroni; no more is needed of how servers hang together).
 *
 * The set that cannot be told from the best: the best is the server with the lowest median, and
 * one leaves the set when its interval against the best lies wholly above the indifference. The
 * best was chosen by the same values, and yet the server that is best in truth stays in the set
 * with c at least: to leave, it has to be shown worse than one of its k - 1 rivals, whichever
 * was chosen, and those are k - 1 events of at most (1 - c) / 2 / (k - 1) each. (That is the
 * idea of Hsu's multiple comparisons with the best, 1984.) Where rounds are too few for the
 * level nobody leaves.
 *
 * Friedman's test asks whether the servers differ at all, those that have values: one that was
 * never measured, or is not to be ranked, leaves no round complete and says nothing of the others.
 * In each complete round servers get ranks, those with equal values the mean of their ranks; with
 * R(j) the sum of the ranks of server j over n rounds and r(i, j) each of them,
 *
 *     Q = (k - 1) sum over j of (R(j) - n (k + 1) / 2)^2 / (sum of r(i, j)^2 - n k (k + 1)^2 / 4)
 *
 * is chi-square with k - 1 degrees of freedom if all are alike (Conover, Practical Nonparametric
 * Statistics, 3rd edition, 5.8, with his correction for ties). With very few rounds that is an
 * approximation on the safe side. Without a complete round, with a single server, or where all are
 * equal in every round, Q is 0/0: there is no test, and no p. */
#include "results/measures/ranking.h"

#include "base/memory.h"
#include "results/measures/statistics.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

static double value_of(const struct ranking_question *question, size_t round, size_t server)
{
    double value = question->values[round * question->servers + server];
    assert(isnan(value) || (isfinite(value) && value > 0));
    return value;
}

static double median_of(const struct ranking_question *question, size_t server, double *scratch)
{
    size_t count = 0;
    for (size_t round = 0; round < question->rounds; round++) {
        double value = value_of(question, round, server);
        if (!isnan(value))
            scratch[count++] = value;
    }
    return count > 0 ? statistics_quantile(scratch, count, 0.5) : NAN;
}

/* Returns how many rounds have both. */
static size_t compare_two(const struct ranking_question *question, size_t server, size_t other,
                          double confidence, double *scratch, struct paired_estimate *estimate)
{
    size_t count = 0;
    for (size_t round = 0; other != RANKING_NO_SERVER && round < question->rounds; round++) {
        double value = value_of(question, round, server);
        double against = value_of(question, round, other);
        if (!isnan(value) && !isnan(against))
            scratch[count++] = paired_block(&against, &value, 1);
    }
    *estimate = (struct paired_estimate){.shift = NAN, .low = NAN, .high = NAN};
    if (count > 0)
        *estimate = paired_estimate(scratch, count, confidence);
    return count;
}

static size_t lowest_median(const struct ranking *ranking)
{
    size_t best = RANKING_NO_SERVER;
    for (size_t i = 0; i < ranking->servers; i++) {
        double median = ranking->places[i].median;
        if (!isnan(median) && (best == RANKING_NO_SERVER || median < ranking->places[best].median))
            best = i;
    }
    return best;
}

static bool is_told_from_best(const struct ranking_place *place, double indifference)
{
    return place->best_rounds > 0 && place->against_best.is_exact_level &&
           place->against_best.low > log1p(indifference);
}

static void fill_places(struct ranking *ranking, const struct ranking_question *question)
{
    double *scratch = allocate(question->rounds, sizeof *scratch);
    for (size_t i = 0; i < ranking->servers; i++)
        ranking->places[i].median = median_of(question, i, scratch);
    ranking->best = lowest_median(ranking);
    for (size_t i = 0; i < ranking->servers; i++) {
        struct ranking_place *place = &ranking->places[i];
        double confidence = ranking->confidence_each;
        place->reference_rounds = compare_two(question, i, question->reference, confidence, scratch,
                                              &place->against_reference);
        place->best_rounds =
            compare_two(question, i, ranking->best, confidence, scratch, &place->against_best);
        place->is_among_best =
            !isnan(place->median) && !is_told_from_best(place, question->indifference);
    }
    free(scratch);
}

/*** Friedman's test ***/

/* Has the server any value? */
static bool is_there(const struct ranking *ranking, size_t server)
{
    return !isnan(ranking->places[server].median);
}

static bool is_complete(const struct ranking *ranking, const struct ranking_question *question,
                        size_t round)
{
    for (size_t i = 0; i < question->servers; i++)
        if (is_there(ranking, i) && isnan(value_of(question, round, i)))
            return false;
    return true;
}

/* From 1, in a round where some have no value; of equal values, the mean of the ranks they take up
 * together. */
static double rank_of(const struct ranking_question *question, size_t round, size_t server)
{
    double value = value_of(question, round, server);
    size_t below = 0;
    size_t equal = 0;
    for (size_t i = 0; i < question->servers; i++) {
        double other = value_of(question, round, i);
        below += other < value;
        equal += other == value;
    }
    return (double)below + ((double)equal + 1) / 2;
}

static void test_friedman(struct ranking *ranking, const struct ranking_question *question)
{
    double *sums = allocate(question->servers, sizeof *sums);
    double servers = 0;
    double squares = 0;
    for (size_t i = 0; i < question->servers; i++)
        servers += is_there(ranking, i);
    for (size_t round = 0; round < question->rounds; round++) {
        if (servers == 0 || !is_complete(ranking, question, round))
            continue;
        ranking->friedman_rounds++;
        for (size_t i = 0; i < question->servers; i++) {
            if (!is_there(ranking, i))
                continue;
            double from_mean = rank_of(question, round, i) - (servers + 1) / 2;
            sums[i] += from_mean;
            squares += from_mean * from_mean;
        }
    }
    double between = 0;
    for (size_t i = 0; i < question->servers; i++)
        between += sums[i] * sums[i];
    free(sums);
    ranking->friedman = squares > 0 ? (servers - 1) * between / squares : NAN;
    ranking->friedman_p = squares > 0 ? gsl_cdf_chisq_Q(ranking->friedman, servers - 1) : NAN;
}

void ranking_init(struct ranking *ranking, const struct ranking_question *question)
{
    assert(question->servers > 0 && question->reference < question->servers);
    assert(question->rounds > 0 && question->rounds <= PAIRED_BLOCKS_MAX);
    assert(question->confidence > 0 && question->confidence < 1);
    size_t comparisons = question->servers > 1 ? question->servers - 1 : 1;
    *ranking = (struct ranking){
        .servers = question->servers,
        .confidence_each = 1 - (1 - question->confidence) / (double)comparisons,
        .places = allocate(question->servers, sizeof *ranking->places),
    };
    fill_places(ranking, question);
    test_friedman(ranking, question);
}

void ranking_release(struct ranking *ranking)
{
    free(ranking->places);
    ranking->places = NULL;
}
