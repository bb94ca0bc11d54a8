#include "results/sequence/sequence.h"

#include "base/memory.h"

#include <stdlib.h>

size_t sequence_add_lane(struct sequence *sequence, const struct sequence_lane *lane)
{
    sequence->lanes = grow_by_one(sequence->lanes, sequence->lane_count, sizeof *sequence->lanes);
    sequence->lanes[sequence->lane_count] = *lane;
    return sequence->lane_count++;
}

bool sequence_mark_lasts(const struct sequence_mark *mark)
{
    return mark->kind == MARK_STATE || mark->kind == MARK_DOES || mark->kind == MARK_LEVEL;
}

static void reach(struct sequence *sequence, int64_t t_ns)
{
    if (t_ns > sequence->end_ns)
        sequence->end_ns = t_ns;
}

size_t sequence_add(struct sequence *sequence, const struct sequence_mark *mark)
{
    sequence->marks = grow_by_one(sequence->marks, sequence->count, sizeof *sequence->marks);
    struct sequence_mark *added = &sequence->marks[sequence->count];
    *added = *mark;
    added->order = ++sequence->order;
    added->until_order = 0;
    added->until_ns = mark->t_ns;
    reach(sequence, mark->t_ns);
    return sequence->count++;
}

void sequence_end_mark(struct sequence *sequence, size_t mark, int64_t t_ns)
{
    if (mark == SEQUENCE_NO_MARK)
        return;
    sequence->marks[mark].until_ns = t_ns;
    sequence->marks[mark].until_order = ++sequence->order;
    reach(sequence, t_ns);
}

void sequence_finish(struct sequence *sequence)
{
    for (size_t i = 0; i < sequence->count; i++)
        if (sequence_mark_lasts(&sequence->marks[i]) && sequence->marks[i].until_order == 0)
            sequence_end_mark(sequence, i, sequence->end_ns);
}

void sequence_release(struct sequence *sequence)
{
    for (size_t i = 0; i < sequence->lane_count; i++) {
        free(sequence->lanes[i].name);
        free(sequence->lanes[i].detail);
    }
    for (size_t i = 0; i < sequence->count; i++) {
        free(sequence->marks[i].label);
        free(sequence->marks[i].detail);
    }
    free(sequence->lanes);
    free(sequence->marks);
    *sequence = (struct sequence){0};
}
