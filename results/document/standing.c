#include "results/document/standing.h"

#include "base/memory.h"

#include <math.h>

static struct standing standing_of(const struct run_result *result)
{
    struct standing standing = {.result = result, .served = NAN, .asked = NAN};
    if (result == NULL)
        return standing;
    standing.is_in_trouble = !run_result_is_usable(result);
    standing.served = run_number(result->json, "clients", "served");
    standing.asked = run_number(result->json, "clients", "asked");
    return standing;
}

/* Missing, in trouble, or how large a part of its clients is served: more is better. */
static double rank_of(const struct standing *standing)
{
    return standing->result == NULL                          ? -2
           : standing->is_in_trouble                         ? -1
           : standing->asked > 0 && !isnan(standing->served) ? standing->served / standing->asked
                                                             : NAN;
}

struct standings standings_of(const struct run_result *old, const struct run_result *new,
                              bool are_plans_alike)
{
    struct standings standings = {.old = standing_of(old), .new = standing_of(new)};
    double before = rank_of(&standings.old);
    double after = rank_of(&standings.new);
    if (are_plans_alike && old != NULL)
        standings.verdict = after < before    ? DECISION_WORSE
                            : after > before  ? DECISION_BETTER
                            : after == before ? DECISION_SAME
                                              : DECISION_OPEN;
    return standings;
}

char *standing_text(const struct standing *standing)
{
    if (standing->result == NULL)
        return text_of("it is missing");
    if (standing->is_in_trouble && standing->result->trouble != NULL)
        return text_of("in trouble: %s", standing->result->trouble);
    if (standing->is_in_trouble)
        return text_of("its figures are invalid");
    return isnan(standing->served)
               ? text_of("nothing is known of its clients")
               : text_of("%.0f of %.0f clients served", standing->served, standing->asked);
}
