#include "bench/counted/agreement.h"

#define DECISIONS    (DECISION_INCONCLUSIVE + 1)
#define COUNTED_ONLY "Counting alone decides: the timed comparison was too noisy or too short."
#define TIMED_ONLY                                                                                 \
    "Time alone decides: BASE differs from itself by too many instructions, or NEW differs from "  \
    "layout to layout."

/* By what was counted, then by what was timed; NULL: both say the same. */
static const char *const sentences[DECISIONS][DECISIONS] = {
    [DECISION_SAME] =
        {
            [DECISION_WORSE] = "NEW needs more time, but not more instructions: look for cache "
                               "misses, waiting, and locks between processors.",
            [DECISION_BETTER] = "NEW needs less time with as many instructions: it misses the "
                                "caches less, or waits less.",
            [DECISION_INCONCLUSIVE] = COUNTED_ONLY,
        },
    [DECISION_WORSE] =
        {
            [DECISION_SAME] = "NEW does more, but too little to show in time, or while it would "
                              "have waited anyway: counting catches smaller changes.",
            [DECISION_BETTER] = "NEW does more in less time: it buys fewer cache misses or less "
                                "waiting with instructions. Time is what clients see.",
            [DECISION_INCONCLUSIVE] = COUNTED_ONLY,
        },
    [DECISION_BETTER] =
        {
            [DECISION_SAME] = "NEW does less, but too little to show in time, or while it waits "
                              "anyway: counting catches smaller changes.",
            [DECISION_WORSE] = "NEW does less in more time: look for cache misses, waiting, and "
                               "locks between processors. Time is what clients see.",
            [DECISION_INCONCLUSIVE] = COUNTED_ONLY,
        },
    [DECISION_INCONCLUSIVE] =
        {
            [DECISION_SAME] = TIMED_ONLY,
            [DECISION_WORSE] = TIMED_ONLY,
            [DECISION_BETTER] = TIMED_ONLY,
            [DECISION_INCONCLUSIVE] = "Neither can decide.",
        },
};

const char *agreement_sentence(enum decision counted, enum decision timed)
{
    const char *sentence = sentences[counted][timed];
    return sentence != NULL ? sentence : "Counting and timing agree.";
}
