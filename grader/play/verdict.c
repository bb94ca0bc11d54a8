#include "grader/play/verdict.h"

#include "base/language.h"

#include <string.h>

static const struct {
    const char *name;
    const char *text;
} verdicts[] = {
    [VERDICT_PASS] = {N_("pass"), N_("pass")},
    [VERDICT_PARTIAL] = {N_("partial"), N_("partial")},
    [VERDICT_FAIL] = {N_("fail"), N_("fail")},
    [VERDICT_INCONCLUSIVE] = {N_("inconclusive"), N_("could not be decided")},
    [VERDICT_SKIPPED] = {N_("skipped"), N_("not run")},
    [VERDICT_ERROR] = {"error", N_("grader problem")},
};

const char *verdict_name(enum verdict verdict)
{
    return verdicts[verdict].name;
}

const char *verdict_text(enum verdict verdict)
{
    return _(verdicts[verdict].text);
}

enum verdict verdict_find(const char *name)
{
    enum verdict verdict = VERDICT_PASS;
    while (verdict != VERDICT_ERROR && (name == NULL || strcmp(name, verdicts[verdict].name) != 0))
        verdict++;
    return verdict;
}

const char *ground_name(enum ground ground)
{
    static const char *const names[] = {
        [GROUND_SEEN] = "seen",
        [GROUND_PROVED] = "proved",
        [GROUND_PASSED_OVER] = "passed over",
        [GROUND_CLOCK] = "clock",
    };
    return names[ground];
}

const char *ground_decided_by(enum ground ground)
{
    return ground == GROUND_CLOCK ? "clock" : "evidence";
}
