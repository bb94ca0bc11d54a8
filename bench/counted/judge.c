#include "bench/counted/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_INDIFFERENT 0.02 /* per request */
#define EVENTS_MUST_CATCH  0.05
#define LEAST_INDIFFERENT  0.5 /* of an instruction or byte: less is no difference of anything */

static int compare_numbers(const void *one, const void *other)
{
    double a = *(const double *)one;
    double b = *(const double *)other;
    return (a > b) - (a < b);
}

static double middle_of(const double *values, size_t count)
{
    double sorted[LAYOUTS_MAX];
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_numbers);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

static enum decision decide(const struct judged *judged)
{
    double least = JUDGE_FLOORS * judged->floor;
    if (judged->low > judged->indifferent && judged->difference > least)
        return DECISION_WORSE;
    if (judged->high < -judged->indifferent && judged->difference < -least)
        return DECISION_BETTER;
    bool is_seen = judged->floor < judged->must_catch;
    return is_seen && judged->high < judged->must_catch ? DECISION_SAME : DECISION_INCONCLUSIVE;
}

struct judged judge(const struct judged_runs *runs, bool is_exact, double must_catch)
{
    struct judged judged = {.base = NAN, .new = NAN, .difference = NAN, .verdict = DECISION_OPEN};
    double differences[LAYOUTS_MAX];
    double least = INFINITY;
    double most = -INFINITY;
    for (size_t i = 0; i < runs->count; i++) {
        differences[i] = runs->new[i] - (runs->base[i] + runs->again[i]) / 2;
        if (isnan(differences[i]))
            return judged;
        judged.low = i == 0 ? differences[i] : fmin(judged.low, differences[i]);
        judged.high = i == 0 ? differences[i] : fmax(judged.high, differences[i]);
        least = fmin(least, fmin(runs->base[i], runs->again[i]));
        most = fmax(most, fmax(runs->base[i], runs->again[i]));
    }
    if (runs->count == 0)
        return judged;
    judged.floor = most - least;
    judged.base = middle_of(runs->base, runs->count);
    judged.new = middle_of(runs->new, runs->count);
    judged.difference = middle_of(differences, runs->count);
    double share = must_catch * fabs(judged.base);
    judged.must_catch = is_exact ? EVENTS_MUST_CATCH : fmax(share, 2 * LEAST_INDIFFERENT);
    judged.indifferent = is_exact ? EVENTS_INDIFFERENT : fmax(share / 2, LEAST_INDIFFERENT);
    judged.verdict = decide(&judged);
    return judged;
}

enum decision judge_together(enum decision one, enum decision other)
{
    static const unsigned ranks[] = {[DECISION_OPEN] = 0,
                                     [DECISION_SAME] = 1,
                                     [DECISION_BETTER] = 2,
                                     [DECISION_INCONCLUSIVE] = 3,
                                     [DECISION_WORSE] = 4};
    return ranks[one] >= ranks[other] ? one : other;
}
