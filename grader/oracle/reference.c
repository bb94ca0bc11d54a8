#include "grader/oracle/reference.h"

#include "base/language.h"
#include "grader/play/beside.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void reference_blame(struct act *act, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length >= 0 && act->stage->run.text == NULL)
        act->stage->run.text = text;
    else if (length >= 0)
        free(text);
    act->error = -ECHILD;
}

/* What became of it, from its output. */
static void blame_end(struct act *act, const struct encounter *encounter)
{
    char *text = beside_end_text(encounter);
    reference_blame(act, "%s", text);
    free(text);
}

/* Where the submission has no network of its own, its port is taken, and so are those of the
 * programs beside it. */
static const struct stage_plan *plan_for(const struct act *act)
{
    const struct stage_plan *usual = act->stage->plan->reference;
    if (act->encounter->arena.isolation != ISOLATION_NONE)
        return usual;
    return usual->beside_count == 0 ? usual->elsewhere : NULL;
}

bool reference_enter(struct reference *reference, struct act *act, size_t players)
{
    struct stage *stage = act->stage->reference;
    *reference = (struct reference){.act = {.error = -ECHILD}};
    const struct stage_plan *plan = plan_for(act);
    if (plan == NULL) {
        reference_blame(act, _("without isolation the reference cannot have the port of the "
                               "submission; let its 'run' name {port}, have no 'beside', or use "
                               "'isolation: network'"));
        return false;
    }
    stage->plan = plan;
    stage->tokens = act->stage->tokens;
    int outcome = stage_enter(stage, players);
    if (outcome < 0) {
        act->stage->run.trouble = stage->run.trouble;
        act->error = outcome;
        return false;
    }
    stage->encounter.name = "reference";
    if (outcome != OUTCOME_SEEN) {
        blame_end(act, &stage->encounter);
        stage_close(stage);
        return false;
    }
    reference->result = (struct check_result){.evidence = json_array()};
    reference->act = (struct act){.stage = stage,
                                  .encounter = &stage->encounter,
                                  .result = &reference->result,
                                  .assigned = act->assigned};
    stage->encounter.play = &reference->act;
    return true;
}

/* Of what it was found to do itself. */
static void blame_finding(struct act *act, const struct check_result *result)
{
    struct bytes why = {0};
    size_t i = 0;
    json_t *row = NULL;
    bytes_print(&why, "%s", result->finding);
    json_array_foreach (result->evidence, i, row)
        bytes_print(&why, "; %s", json_string_value(json_object_get(row, "text")));
    char *text = bytes_take_text(&why);
    reference_blame(act, _("the reference itself fails: %s"), text);
    free(text);
}

bool reference_leave(struct reference *reference, struct act *act)
{
    const struct act *own = &reference->act;
    if (act->error == 0 && own->error < 0) {
        act->stage->run.trouble = own->stage->run.trouble;
        act->error = own->error;
    }
    if (act->error == 0 && own->is_decided && own->result->verdict != VERDICT_PASS) {
        if (own->encounter->arena.has_ended)
            blame_end(act, own->encounter);
        else
            blame_finding(act, own->result);
    }
    check_result_release(&reference->result);
    if (act->error < 0)
        reference_close(act);
    return act->error == 0;
}

void reference_close(struct act *act)
{
    stage_close(act->stage->reference);
}
