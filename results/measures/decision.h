/* Whether a change has made something worse: a rule that looks at the blocks a few times, and after
 * each look says worse, better, same, or goes on. How often it may be wrong is fixed beforehand,
 * for all its looks together. It knows blocks as results/measures/paired.h makes them, natural
 * logarithms of ratios, turned so that more is worse; all changes it is given and gives are ratios
 * less 1: 0.05 is 5 % more. */
#ifndef RESULTS_MEASURES_DECISION_H
#define RESULTS_MEASURES_DECISION_H

#include <stdbool.h>
#include <stddef.h>

#define DECISION_LOOKS_MAX 8

struct decision_rule {
    double indifference; /* a change up to this is none: it is never to be called worse */
    double must_catch;   /* a change from this on is never to be called the same */
    double false_worse;  /* how likely the first may happen all the same, over all looks */
    double false_same;   /* and the second */
    unsigned looks[DECISION_LOOKS_MAX]; /* after how many blocks, rising */
    size_t look_count;
};

enum decision {
    DECISION_OPEN,        /* more blocks are needed */
    DECISION_SAME,        /* not worse by `must_catch`; it may be somewhat better */
    DECISION_WORSE,       /* worse by more than `indifference` */
    DECISION_BETTER,      /* better by more than `indifference`: the mirror image of worse */
    DECISION_INCONCLUSIVE /* the blocks are used up, and none of these is shown */
};

/* "open", "same", "worse", "better", "inconclusive"; and all of them, the last NULL. */
const char *decision_word(enum decision decision);
extern const char *const decision_words[];

/* Worse or better? */
bool decision_is_change(enum decision decision);

/* DECISION_OPEN for NULL and for what is none of them. */
enum decision decision_find(const char *word);

/* What was seen at one look and how it was decided: all that is needed to check it by hand. */
struct decision_look {
    unsigned blocks;
    double mean;             /* of the blocks, a logarithm */
    double standard_error;   /* of that mean; infinite with one block */
    double worse_multiplier; /* by how many standard errors to be sure of worse or better */
    double same_multiplier;  /* and of same */
    double worse_than;       /* the change is larger than this, by `false_worse` */
    double better_than;      /* the change is smaller than this, by `false_worse` */
    double excluded_above;   /* the smallest change that is excluded, by `false_same` */
    enum decision decision;
};

/* Indifferent to 1 %; looks after 6, 10, 16 and 24 blocks; wrong about worse in 1 % and about same
 * in 5 % of comparisons. `must_catch` is greater than 0.01. */
struct decision_rule decision_rule_default(double must_catch);

/* The same rule for each of `metrics` (at least 1) that are decided side by side, so strict that
 * the chances of being wrong hold for all of them together. */
struct decision_rule decision_rule_divide(struct decision_rule rule, size_t metrics);

/* The look number `index` of the rule, from 0, at all `count` blocks so far, which must be as many
 * as the rule says. Undecided is OPEN, and INCONCLUSIVE at the last look. */
struct decision_look decision_look(const struct decision_rule *rule, size_t index,
                                   const double *blocks, size_t count);

/* A look in place of number `index`, after which there will be none, at `count` blocks (at least 1,
 * at most as many as planned): for when time is up between looks. Never OPEN. When the time is up
 * must not depend on what the blocks say. */
struct decision_look decision_last_look(const struct decision_rule *rule, size_t index,
                                        const double *blocks, size_t count);

#endif
