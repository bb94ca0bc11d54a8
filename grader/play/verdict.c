#include "grader/play/verdict.h"

#include "base/language.h"

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

const char *verdict_text(enum verdict verdict)
{
    static const char *const texts[] = {
        [VERDICT_PASS] = N_("pass"),
        [VERDICT_FAIL] = N_("fail"),
        [VERDICT_INCONCLUSIVE] = N_("inconclusive"),
        [VERDICT_PARTIAL] = N_("partial"),
        [VERDICT_SKIPPED] = N_("skipped"),
    };
    return _(texts[verdict]);
}

const char *decided_by_name(enum decided_by decided_by)
{
    return decided_by == DECIDED_BY_EVIDENCE ? "evidence" : "timeout";
}
