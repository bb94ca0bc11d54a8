#include "bench/counted/document.h"

#include "bench/counted/explanation.h"
#include "bench/counted/text.h"
#include "results/document/document.h"

#include <math.h>
#include <stdlib.h>

/* A share where there is something to take it of; of nothing, nothing more is no change. */
static json_t *share_of(const struct judged *judged, double difference)
{
    double of_nothing = difference == 0 ? 0 : NAN;
    return document_number(judged->base > 0 ? difference / judged->base : of_nothing);
}

static json_t *describe_layouts(const struct gate *gate, enum quantity quantity, enum side side)
{
    json_t *list = json_array();
    for (size_t i = 0; i < gate->layouts; i++)
        json_array_append_new(list, document_number(gate->runs[side][i].of[quantity]));
    return list;
}

static json_t *describe_quantity(const struct gate *gate, enum quantity quantity)
{
    const struct judged *judged = &gate->judged[quantity];
    char *reason = judged_reason(judged, quantity);
    json_t *described = json_pack(
        "{s:s, s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:{s:o, s:o, s:o}}", //
        "metric", quantity_kinds[quantity].name, "title", quantity_kinds[quantity].title, "gated",
        true,                                                                                 //
        "exact", quantity_kinds[quantity].is_exact,                                           //
        "base", document_number(judged->base), "new", document_number(judged->new),           //
        "change", share_of(judged, judged->difference),                                       //
        "low", share_of(judged, judged->low), "high", share_of(judged, judged->high),         //
        "excluded", share_of(judged, judged->high), "floor", share_of(judged, judged->floor), //
        "verdict", decision_word(judged->verdict), "reason", reason,                          //
        "layouts", "base", describe_layouts(gate, quantity, SIDE_BASE),                       //
        "new", describe_layouts(gate, quantity, SIDE_NEW),                                    //
        "control", describe_layouts(gate, quantity, SIDE_CONTROL));
    free(reason);
    return described;
}

static json_t *describe_calls(const struct gate *gate)
{
    size_t count = 0;
    struct call_difference *calls = gate_calls(gate, &count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:f, s:f}", "name", calls[i].name, "base",
                                              calls[i].base, "new", calls[i].new));
    free(calls);
    return list;
}

/* Null where nobody asked. */
static json_t *describe_functions(const struct gate *gate)
{
    if (!gate->plan->profiles)
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < gate->profile.count && i < PROFILE_NAMED; i++) {
        const struct function_difference *one = &gate->profile.all[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:f, s:f}", "name", one->name,
                                              "file", one->file, "kernel", one->is_kernel, "base",
                                              one->base, "new", one->new));
    }
    return list;
}

static json_t *describe_plan(const struct gate_plan *plan)
{
    return json_pack("{s:s, s:b, s:s?, s:s?, s:f, s:f, s:i, s:o}", //
                     "command", "compare", "counted", true,        //
                     "base", plan->contenders[SIDE_BASE].text,     //
                     "new", plan->contenders[SIDE_NEW].text,       //
                     "must_catch", plan->must_catch,               //
                     "slice_s", (double)plan->slice_ns / 1e9,      //
                     "layouts", (int)plan->layouts, "cell", cell_describe(plan->cell));
}

static json_t *describe_reasons(const struct gate *gate)
{
    json_t *reasons = json_array();
    if (gate->trouble != NULL)
        json_array_append_new(reasons, json_string(gate->trouble));
    for (enum quantity i = 0; i < QUANTITIES; i++) {
        enum decision verdict = gate->judged[i].verdict;
        if (verdict == DECISION_OPEN || verdict == DECISION_SAME)
            continue;
        char *reason = judged_reason(&gate->judged[i], i);
        json_array_append_new(reasons, json_string(reason));
        free(reason);
    }
    return reasons;
}

json_t *gate_describe(const struct gate *gate)
{
    json_t *document = document_new(SCHEMA_RUN);
    json_object_set_new(document, "plan", describe_plan(gate->plan));
    json_object_set_new(document, "seed", json_integer((json_int_t)gate->plan->seed));
    json_object_set_new(document, "interrupted", json_boolean(gate->is_cut));
    json_object_set_new(document, "elapsed_s", json_real(gate->elapsed_s));
    json_object_set_new(document, "counted_machine",
                        gate->parts != NULL ? json_incref(gate->parts) : json_null());
    json_object_set_new(document, "results", json_array());
    json_t *list = json_array();
    for (enum quantity i = 0; i < QUANTITIES; i++)
        if (gate->judged[i].verdict != DECISION_OPEN)
            json_array_append_new(list, describe_quantity(gate, i));
    json_object_set_new(document, "comparisons", list);
    json_object_set_new(document, "calls", describe_calls(gate));
    json_object_set_new(document, "functions", describe_functions(gate));
    json_object_set_new(document, "verdict", json_string(decision_word(gate->verdict)));
    json_object_set_new(document, "reasons", describe_reasons(gate));
    return document;
}
