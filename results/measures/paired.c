/* Theory of operation: the estimate is made of Walsh averages, the means of each pair of blocks
 * and of each block with itself. Their median is the shift: it uses all blocks, and a quarter of
 * them may be spoilt before it goes astray.
 *
 * The interval turns Wilcoxon's signed-rank test around: it holds each shift that the test would
 * not reject. The test's statistic for a supposed shift is the number of Walsh averages above
 * it, so that the interval's ends are Walsh averages themselves, the k-th from below and from
 * above (Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd edition, 3.1 to
 * 3.3). k is the largest for which P(T < k) does not exceed half of what the confidence leaves.
 *
 * Under the true shift each block lies above it as likely as below, so T is the sum of those of
 * the ranks 1 to n for which a coin falls heads. Its distribution is built rank by rank:
 *
 *     P(sum of ranks 1..n = s) = (P(ranks 1..n-1 = s) + P(ranks 1..n-1 = s - n)) / 2
 *
 * which is exact up to EXACT_BLOCKS; beyond, T is taken for normal with mean n(n+1)/4 and
 * variance n(n+1)(2n+1)/24, corrected for being a whole number. Nothing is supposed of the
 * blocks but symmetry, and the seeded order of a block's slices provides that as long as both
 * sides scatter alike; equal blocks only make the interval cover more. */
#include "results/measures/paired.h"

#include "base/memory.h"
#include "results/measures/statistics.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#define EXACT_BLOCKS 64

/* At which place of the sorted Walsh averages, counted from 1 from either end, the interval's ends
 * stand; 0 if there is no such place. */
struct ends {
    size_t rank;
    double confidence;
};

static size_t pairs_of(size_t count)
{
    return count * (count + 1) / 2;
}

double paired_block(const double *base, const double *later, size_t slices)
{
    assert(slices > 0);
    double *shifts = allocate(slices, sizeof *shifts);
    size_t count = 0;
    for (size_t i = 0; i < slices; i++) {
        double shift = log(later[i] / base[i]);
        if (!isnan(shift))
            shifts[count++] = shift;
    }
    double middle = count > 0 ? statistics_quantile(shifts, count, 0.5) : NAN;
    free(shifts);
    return middle;
}

/* `chances` is all 0. */
static void fill_signed_rank_chances(double *chances, size_t count)
{
    chances[0] = 1;
    for (size_t rank = 1; rank <= count; rank++)
        for (size_t sum = pairs_of(rank) + 1; sum-- > 0;)
            chances[sum] = (chances[sum] + (sum >= rank ? chances[sum - rank] : 0)) / 2;
}

static struct ends exact_ends(size_t count, double tail)
{
    double chances[EXACT_BLOCKS * (EXACT_BLOCKS + 1) / 2 + 1] = {0};
    fill_signed_rank_chances(chances, count);
    struct ends ends = {.rank = 0, .confidence = 1};
    double below = 0;
    while (below + chances[ends.rank] <= tail)
        below += chances[ends.rank++];
    ends.confidence = 1 - 2 * below;
    return ends;
}

static struct ends normal_ends(size_t count, double tail)
{
    double pairs = (double)pairs_of(count);
    double mean = pairs / 2;
    double deviation = sqrt(pairs * (2 * (double)count + 1) / 12);
    double rank = floor(mean + gsl_cdf_ugaussian_Pinv(tail) * deviation + 0.5);
    if (rank < 1)
        return (struct ends){.rank = 0, .confidence = 1};
    double below = gsl_cdf_ugaussian_P((rank - 0.5 - mean) / deviation);
    return (struct ends){.rank = (size_t)rank, .confidence = 1 - 2 * below};
}

static double *walsh_averages(const double *blocks, size_t count)
{
    double *averages = allocate(pairs_of(count), sizeof *averages);
    size_t filled = 0;
    for (size_t i = 0; i < count; i++) {
        assert(isfinite(blocks[i]));
        for (size_t j = 0; j <= i; j++)
            averages[filled++] = (blocks[i] + blocks[j]) / 2;
    }
    return averages;
}

struct paired_estimate paired_estimate(const double *blocks, size_t count, double confidence)
{
    assert(count > 0 && count <= PAIRED_BLOCKS_MAX && confidence > 0 && confidence < 1);
    double tail = (1 - confidence) / 2;
    struct ends ends = count <= EXACT_BLOCKS ? exact_ends(count, tail) : normal_ends(count, tail);
    bool is_exact_level = ends.rank > 0;
    if (!is_exact_level)
        ends = (struct ends){.rank = 1, .confidence = 1 - ldexp(2, -(int)count)};
    double *averages = walsh_averages(blocks, count);
    double shift = statistics_quantile(averages, pairs_of(count), 0.5);
    struct paired_estimate estimate = {
        .shift = shift,
        .low = count > 1 ? averages[ends.rank - 1] : NAN,
        .high = count > 1 ? averages[pairs_of(count) - ends.rank] : NAN,
        .confidence = ends.confidence,
        .is_exact_level = is_exact_level,
    };
    free(averages);
    return estimate;
}

double paired_change(double shift)
{
    return expm1(shift);
}
