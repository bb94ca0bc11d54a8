/* The beginnings and the ends of all marks are put into one order. Between two neighbours lies as
 * much as the time between them takes to scale, but at least what the second one needs to be read.
 * A pause that is longer than all other time together is cut, and the scale is that of the rest, as
 * long as a few pauses are left to show it. (A scale of the whole time makes a point of all that
 * happened before and after one long pause; a logarithmic one shows distances that nobody can read.
 * Pauses of several times the mean were cut before: most are, where little happens.) */
#include "results/sequence/sequence_axis.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

#define UNITS        12   /* of the time without its longest pauses */
#define UNIT_HEIGHT  32.0 /* in pixels, as all heights */
#define PAUSES_LEFT  4
#define CUT_HEIGHT   56.0
#define DENSE_HEIGHT 7000.0

struct moment {
    int64_t t_ns;
    size_t order;
    size_t mark;
    bool is_end;
    double need;
};

static int compare_moments(const void *one, const void *other)
{
    const struct moment *a = one;
    const struct moment *b = other;
    if (a->t_ns != b->t_ns)
        return a->t_ns < b->t_ns ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static double need_of(const struct sequence_mark *mark, sequence_note_height_function *note_height,
                      const void *context)
{
    switch (mark->kind) {
    case MARK_ARROW:
        return 19;
    case MARK_DEED:
        return 17;
    case MARK_NOTE:
        return note_height(mark, context);
    case MARK_DOES:
        return 13;
    case MARK_STATE:
        return 6;
    case MARK_LEVEL:
        return 0;
    }
    return 0;
}

static size_t list_moments(struct moment *moments, const struct sequence *sequence,
                           sequence_note_height_function *note_height, const void *context)
{
    size_t count = 0;
    for (size_t i = 0; i < sequence->count; i++) {
        const struct sequence_mark *mark = &sequence->marks[i];
        moments[count++] =
            (struct moment){mark->t_ns, mark->order, i, false, need_of(mark, note_height, context)};
        if (sequence_mark_lasts(mark))
            moments[count++] = (struct moment){mark->until_ns, mark->until_order, i, true,
                                               mark->kind == MARK_LEVEL ? 0 : 3};
    }
    qsort(moments, count, sizeof moments[0], compare_moments);
    return count;
}

/* What begins or ends at once may stand at the same height, unless it has words there. */
static double need_after(const struct moment *moment, const struct moment *before,
                         const struct sequence *sequence)
{
    bool is_still = sequence_mark_lasts(&sequence->marks[moment->mark]);
    bool was_still = sequence_mark_lasts(&sequence->marks[before->mark]);
    if (is_still && was_still && moment->t_ns == before->t_ns)
        return 0;
    return is_still && !was_still && moment->need > 0 ? fmin(moment->need, 6) : moment->need;
}

static int compare_pauses(const void *one, const void *other)
{
    const double *a = one;
    const double *b = other;
    return (*a < *b) - (*a > *b);
}

/* How much time a unit is, and which pauses are cut. */
struct measure {
    double unit_ns;
    double cut_ns; /* the shortest pause that is cut */
};

static struct measure measure(const struct moment *moments, size_t count)
{
    double rest = (double)(moments[count - 1].t_ns - moments[0].t_ns);
    double cut_ns = INFINITY;
    double *pauses = allocate(count, sizeof pauses[0]);
    size_t left = 0;
    for (size_t i = 1; i < count; i++) {
        pauses[i - 1] = (double)(moments[i].t_ns - moments[i - 1].t_ns);
        left += pauses[i - 1] > 0;
    }
    qsort(pauses, count, sizeof pauses[0], compare_pauses);
    for (size_t i = 0; left > PAUSES_LEFT && pauses[i] > rest / 2; i++, left--) {
        cut_ns = pauses[i];
        rest -= cut_ns;
    }
    free(pauses);
    return (struct measure){fmax(rest, 1) / UNITS, cut_ns};
}

static void add_cut(struct sequence_axis *axis, double y, int64_t length_ns)
{
    axis->cuts = grow_by_one(axis->cuts, axis->cut_count, sizeof axis->cuts[0]);
    axis->cuts[axis->cut_count++] = (struct sequence_cut){y, length_ns};
}

/* Of two neighbours, `y` being that of the first. */
static double step(struct sequence_axis *axis, int64_t pause_ns, struct measure measure,
                   double need, double y)
{
    if ((double)pause_ns < measure.cut_ns)
        return fmax(need, (double)pause_ns / measure.unit_ns * UNIT_HEIGHT);
    add_cut(axis, y + CUT_HEIGHT / 2 + 6, pause_ns);
    return CUT_HEIGHT + need;
}

static void place(struct sequence_axis *axis, const struct sequence *sequence,
                  const struct moment *moments, size_t count, double top)
{
    double needed = 0;
    for (size_t i = 1; i < count; i++)
        needed += need_after(&moments[i], &moments[i - 1], sequence);
    axis->is_dense = needed > DENSE_HEIGHT;
    double share = axis->is_dense ? DENSE_HEIGHT / needed : 1;
    struct measure scale = measure(moments, count);
    double y = top + moments[0].need;
    for (size_t i = 0; i < count; i++) {
        const struct moment *moment = &moments[i];
        if (i > 0) {
            bool is_note = sequence->marks[moment->mark].kind == MARK_NOTE;
            double need = need_after(moment, moment - 1, sequence) * (is_note ? 1 : share);
            y += step(axis, moment->t_ns - moment[-1].t_ns, scale, need, y);
        }
        (moment->is_end ? axis->until : axis->y)[moment->mark] = y;
        if (!moment->is_end && !sequence_mark_lasts(&sequence->marks[moment->mark]))
            axis->until[moment->mark] = y;
    }
    axis->bottom = y;
}

void sequence_axis_init(struct sequence_axis *axis, const struct sequence *sequence, double top,
                        sequence_note_height_function *note_height, const void *context)
{
    *axis = (struct sequence_axis){
        .y = allocate(sequence->count + 1, sizeof axis->y[0]),
        .until = allocate(sequence->count + 1, sizeof axis->until[0]),
        .bottom = top,
    };
    struct moment *moments = allocate(2 * sequence->count + 1, sizeof moments[0]);
    size_t count = list_moments(moments, sequence, note_height, context);
    if (count > 0)
        place(axis, sequence, moments, count, top);
    free(moments);
}

void sequence_axis_release(struct sequence_axis *axis)
{
    free(axis->y);
    free(axis->until);
    free(axis->cuts);
}
