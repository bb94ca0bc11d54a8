#include "loadgen/worker/hearing.h"

void hearing_begin(struct run *run, struct hearing *hearing)
{
    hearing->is_greeting = run->dialogue->protocol->hears;
    hearing->greeting_left_bytes = hearing->is_greeting ? run->dialogue->greeting_bytes : 0;
    run->greeting += hearing->is_greeting;
}

void hearing_end_greeting(struct run *run, struct hearing *hearing)
{
    run->greeting -= hearing->is_greeting;
    hearing->is_greeting = false;
    hearing->greeting_left_bytes = 0;
}

void hearing_note(struct run *run, struct hearing *hearing, const struct reply *reply)
{
    struct load_totals *totals = &run->result.totals;
    if (reply->heard == 0) {
        failures_count(&totals->failures, PHASE_HEAR, (int)reply->cause, 1);
        return;
    }
    uint32_t missed = reply->heard - 1;
    hearing->heard += reply->heard;
    totals->heard++;
    totals->missed += missed;
    if (missed > 0)
        failures_count(&totals->failures, PHASE_HEAR, CAUSE_UNHEARD, missed);
}

bool hearing_is_open(const struct run *run)
{
    const struct load_totals *totals = &run->result.totals;
    return run->dialogue->protocol->hears && totals->answered > totals->heard + totals->missed;
}

void hearing_compare(struct run *run, const struct hearing *speaker, const struct hearing *listener)
{
    struct load_totals *totals = &run->result.totals;
    int32_t left = (int32_t)(speaker->confirmed - listener->heard);
    if (left > 0)
        totals->unheard += (uint64_t)left;
    else
        totals->unconfirmed += (uint64_t) - (int64_t)left;
}
