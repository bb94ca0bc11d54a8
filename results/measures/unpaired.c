/* Theory of operation: the interval turns the test of Wilcoxon, Mann and Whitney around, as that of
 * results/measures/paired.h turns the signed-rank test: it holds each shift that the test would not
 * reject. The statistic for a supposed shift is the number of differences above it, so that the
 * interval's ends are differences themselves, the k-th from below and from above (Hollander, Wolfe
 * and Chicken, Nonparametric Statistical Methods, 3rd edition, 4.1 to 4.3); k is the largest for
 * which P(U < k) does not exceed half of what the confidence leaves.
 *
 * Under the true shift every order of the m + n starts is as likely as any other, whatever their
 * distribution: with two versions that are the same the chance to be called different is no more
 * than what was planned, even if their starts scatter widely, in steps or to one side. How many
 * orders have each value of U is a Gaussian binomial coefficient,
 *
 *     product over i = 1 .. m of (1 - q^(n + i)) / (1 - q^i)
 *
 * of which the coefficient of q^u is that of U = u. Equal values only make the interval cover
 * more. */
#include "results/measures/unpaired.h"

#include "base/memory.h"
#include "results/measures/statistics.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Of each value of U from 0 to m * n, the number of orders that have it; the caller frees. */
static double *count_orders(size_t m, size_t n)
{
    size_t last = m * n;
    double *orders = allocate(last + 1, sizeof *orders);
    orders[0] = 1;
    for (size_t i = 1; i <= m; i++) {
        for (size_t u = last + 1; u-- > n + i;)
            orders[u] -= orders[u - (n + i)];
        for (size_t u = i; u <= last; u++)
            orders[u] += orders[u - i];
    }
    return orders;
}

/* How many differences may be left out at either end; and `tail` becomes the chance of that. */
static size_t rank_of_ends(size_t m, size_t n, double *tail)
{
    double *orders = count_orders(m, n);
    double all = 0;
    for (size_t u = 0; u <= m * n; u++)
        all += orders[u];
    size_t rank = 0;
    double below = 0;
    while ((below + orders[rank]) / all <= *tail)
        below += orders[rank++];
    *tail = (rank > 0 ? below : 1) / all;
    free(orders);
    return rank;
}

struct paired_estimate unpaired_estimate(const double *base, size_t base_count, const double *later,
                                         size_t later_count, double confidence)
{
    assert(base_count > 0 && later_count > 0 && base_count + later_count <= UNPAIRED_STARTS_MAX);
    assert(confidence > 0 && confidence < 1);
    size_t count = base_count * later_count;
    double *differences = allocate(count, sizeof *differences);
    for (size_t i = 0; i < count; i++) {
        differences[i] = later[i % later_count] - base[i / later_count];
        assert(isfinite(differences[i]));
    }
    double tail = (1 - confidence) / 2;
    size_t rank = rank_of_ends(later_count, base_count, &tail);
    size_t end = rank > 0 ? rank : 1;
    double shift = statistics_quantile(differences, count, 0.5);
    struct paired_estimate estimate = {
        .shift = shift,
        .low = count > 1 ? differences[end - 1] : NAN,
        .high = count > 1 ? differences[count - end] : NAN,
        .confidence = 1 - 2 * tail,
        .is_exact_level = rank > 0,
    };
    free(differences);
    return estimate;
}
