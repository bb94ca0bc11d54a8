#include "grader/verdict.h"

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_PASS] = "pass",
        [VERDICT_FAIL] = "fail",
        [VERDICT_INCONCLUSIVE] = "inconclusive",
        [VERDICT_PARTIAL] = "partial",
        [VERDICT_SKIPPED] = "skipped",
    };
    return names[verdict];
}

const char *decided_by_name(enum decided_by decided_by)
{
    return decided_by == DECIDED_BY_EVIDENCE ? "evidence" : "timeout";
}
