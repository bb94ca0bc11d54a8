#include "bench/row.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

void bench_row_init(struct bench_row *row, const struct contender *contender)
{
    *row = (struct bench_row){.contender = contender, .lane.memory_bytes = NAN};
    load_result_init(&row->total);
}

void bench_row_release(struct bench_row *row)
{
    lane_release(&row->lane);
    load_result_release(&row->total);
    judgement_release(&row->judgement);
    free(row->trouble);
    *row = (struct bench_row){0};
}

static unsigned least(unsigned one, unsigned other)
{
    return one < other ? one : other;
}

/* Requests add up. Of clients the repetition counts that served the fewest, and of connections the
 * last one. */
static void add_totals(struct load_totals *sum, const struct load_totals *totals)
{
    const struct load_totals before = *sum;
    load_totals_merge(sum, totals);
    sum->clients_connected = least(before.clients_connected, totals->clients_connected);
    sum->clients_used = least(before.clients_used, totals->clients_used);
    sum->clients_served = least(before.clients_served, totals->clients_served);
    sum->silent_connected = least(before.silent_connected, totals->silent_connected);
    sum->slow_connected = least(before.slow_connected, totals->slow_connected);
    sum->connections = totals->connections;
    sum->connections_served = totals->connections_served;
    sum->connecting = before.connecting;
}

void bench_row_judge(struct bench_row *row, const struct load_plan *load, bool shares_processors)
{
    struct surroundings known = {.starts = row->starts, .shares_processors = shares_processors};
    judgement_release(&row->judgement);
    judgement_make(&row->judgement, load, &row->total, &known);
}

void bench_row_absorb(struct bench_row *row)
{
    const struct lane *lane = &row->lane;
    if (row->starts++ == 0)
        row->total.totals = lane->result.totals;
    else
        add_totals(&row->total.totals, &lane->result.totals);
    load_result_add(&row->total, &lane->total);
    if (row->trouble == NULL && lane->trouble != NULL)
        row->trouble = text_of("%s", lane->trouble);
}
