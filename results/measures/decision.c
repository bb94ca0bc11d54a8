/* Theory of operation: at each look stand the mean m of the blocks, its standard error s and two
 * of Student's multipliers, for n - 1 degrees of freedom:
 *
 *     worse   if m - t(a, n-1) s >  ln(1 + indifference)     a = false_worse / number of looks
 *     better  if m + t(a, n-1) s < -ln(1 + indifference)
 *     same    if m + t(b, n-1) s <  ln(1 + must_catch)       b = false_same / number of looks
 *
 * asked in this order. Looking several times is several chances to be wrong; as the chance that
 * any of some things happens is at most the sum of their chances (Bonferroni's inequality), each
 * look is given an equal share, and nothing needs to be known of how looks hang together. That
 * costs little: sequential designs that do use it (Pocock; O'Brien and Fleming) save a few
 * blocks and need tables or numerical integration. For the same reason the share of a look that
 * never comes may be spent on one at another number of blocks, provided that the number was not
 * chosen by the result.
 *
 * Student's t and not the ranks of results/measures/paired.h: with n blocks no test of ranks gets
 * below 2^-n, which at six is 0.016, and the shares here are 0.0025. Means of a few slices of both
 * sides in random order are near enough to symmetric for t; tests/results/simulation.c shows it,
 * with spikes too.
 *
 * Blocks without any variance, as counters often have, give s = 0: the three questions are then
 * put to the mean itself. With one block nothing is known of s, and nothing is decided. */
#include "results/measures/decision.h"

#include "results/measures/paired.h"
#include "text/word_list.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

struct decision_rule decision_rule_default(double must_catch)
{
    struct decision_rule rule = {
        .indifference = 0.01,
        .must_catch = must_catch,
        .false_worse = 0.01,
        .false_same = 0.05,
        .looks = {6, 10, 16, 24},
        .look_count = 4,
    };
    assert(must_catch > rule.indifference);
    return rule;
}

struct decision_rule decision_rule_divide(struct decision_rule rule, size_t metrics)
{
    assert(metrics > 0);
    rule.false_worse /= (double)metrics;
    rule.false_same /= (double)metrics;
    return rule;
}

static enum decision decide(const struct decision_rule *rule, const struct decision_look *look)
{
    if (look->worse_than > rule->indifference)
        return DECISION_WORSE;
    /* Mirrored as a ratio: half as much is as large a change as twice as much. */
    if (look->better_than < paired_change(-log1p(rule->indifference)))
        return DECISION_BETTER;
    return look->excluded_above < rule->must_catch ? DECISION_SAME : DECISION_OPEN;
}

static struct decision_look look_at(const struct decision_rule *rule, const double *blocks,
                                    size_t count)
{
    assert(count > 0 && rule->look_count > 0 && rule->look_count <= DECISION_LOOKS_MAX);
    struct decision_look look = {
        .blocks = (unsigned)count,
        .mean = gsl_stats_mean(blocks, 1, count),
        .standard_error = INFINITY,
        .worse_multiplier = INFINITY,
        .same_multiplier = INFINITY,
    };
    assert(isfinite(look.mean));
    if (count > 1) {
        double freedom = (double)(count - 1);
        double looks = (double)rule->look_count;
        look.standard_error = gsl_stats_sd_m(blocks, 1, count, look.mean) / sqrt((double)count);
        look.worse_multiplier = gsl_cdf_tdist_Qinv(rule->false_worse / looks, freedom);
        look.same_multiplier = gsl_cdf_tdist_Qinv(rule->false_same / looks, freedom);
    }
    look.worse_than = paired_change(look.mean - look.worse_multiplier * look.standard_error);
    look.better_than = paired_change(look.mean + look.worse_multiplier * look.standard_error);
    look.excluded_above = paired_change(look.mean + look.same_multiplier * look.standard_error);
    look.decision = decide(rule, &look);
    return look;
}

static void close_look(struct decision_look *look)
{
    if (look->decision == DECISION_OPEN)
        look->decision = DECISION_INCONCLUSIVE;
}

struct decision_look decision_look(const struct decision_rule *rule, size_t index,
                                   const double *blocks, size_t count)
{
    assert(index < rule->look_count && count == rule->looks[index]);
    struct decision_look look = look_at(rule, blocks, count);
    bool is_last = index + 1 == rule->look_count;
    if (is_last)
        close_look(&look);
    return look;
}

struct decision_look decision_last_look(const struct decision_rule *rule, size_t index,
                                        const double *blocks, size_t count)
{
    assert(index < rule->look_count && count <= rule->looks[index]);
    struct decision_look look = look_at(rule, blocks, count);
    close_look(&look);
    return look;
}

const char *const decision_words[] = {
    [DECISION_OPEN] = "open",
    [DECISION_SAME] = "same",
    [DECISION_WORSE] = "worse",
    [DECISION_BETTER] = "better",
    [DECISION_INCONCLUSIVE] = "inconclusive",
    NULL,
};

const char *decision_word(enum decision decision)
{
    return decision_words[decision];
}

bool decision_is_change(enum decision decision)
{
    return decision == DECISION_WORSE || decision == DECISION_BETTER;
}

enum decision decision_find(const char *word)
{
    size_t place = word_place(decision_words, word);
    return decision_words[place] != NULL ? (enum decision)place : DECISION_OPEN;
}
