/* Sequence diagrams: where moments stand, and what becomes of many. */
#include "results/sequence/sequence.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/memory.h"
#include "results/sequence/sequence_axis.h"
#include "results/sequence/sequence_picture.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static double note_height(const struct sequence_mark *note, const void *context)
{
    (void)note;
    (void)context;
    return 40;
}

static void make_lanes(struct sequence *sequence)
{
    *sequence = (struct sequence){0};
    sequence_add_lane(sequence, &(struct sequence_lane){.kind = LANE_CLIENT, .name = text_of("a")});
    sequence_add_lane(sequence, &(struct sequence_lane){.kind = LANE_TASK, .name = text_of("b")});
}

static size_t add_arrow(struct sequence *sequence, int64_t t_ns, const char *label)
{
    return sequence_add(sequence, &(struct sequence_mark){.kind = MARK_ARROW,
                                                          .to = 1,
                                                          .t_ns = t_ns,
                                                          .label = text_of("%s", label),
                                                          .detail = text_of("says %s", label)});
}

static void place(struct sequence *sequence, struct sequence_axis *axis)
{
    sequence_finish(sequence);
    sequence_axis_init(axis, sequence, 0, note_height, NULL);
}

static void release(struct sequence *sequence, struct sequence_axis *axis)
{
    sequence_axis_release(axis);
    sequence_release(sequence);
}

/*** Time ***/

Test(sequence, has_time_to_scale_where_there_is_room)
{
    struct sequence sequence;
    struct sequence_axis axis;
    make_lanes(&sequence);
    for (int i = 0; i < 8; i++)
        add_arrow(&sequence, (i < 7 ? i : 8) * NS_PER_S, "x");
    place(&sequence, &axis);
    double second = axis.y[1] - axis.y[0];
    cr_expect(second > 25);
    cr_expect_float_eq(axis.y[6] - axis.y[5], second, 0.1);
    cr_expect_float_eq(axis.y[7] - axis.y[6], 2 * second, 0.1, "twice the time");
    cr_expect_eq(axis.cut_count, 0);
    release(&sequence, &axis);
}

Test(sequence, cuts_a_long_pause_out_and_says_how_long_it_was)
{
    struct sequence sequence;
    struct sequence_axis axis;
    make_lanes(&sequence);
    for (int i = 0; i < 8; i++)
        add_arrow(&sequence, i * NS_PER_MS + (i > 3 ? 100 * NS_PER_S : 0), "x");
    place(&sequence, &axis);
    cr_assert_eq(axis.cut_count, 1);
    cr_expect_eq(axis.cuts[0].length_ns, 100 * NS_PER_S + NS_PER_MS);
    cr_expect(axis.cuts[0].y > axis.y[3] && axis.cuts[0].y < axis.y[4]);
    cr_expect(axis.y[4] - axis.y[3] < 120);
    release(&sequence, &axis);
}

Test(sequence, gives_what_happens_at_once_the_room_that_its_words_need)
{
    struct sequence sequence;
    struct sequence_axis axis;
    make_lanes(&sequence);
    for (int i = 0; i < 3; i++)
        add_arrow(&sequence, 5, "x");
    sequence_add(&sequence, &(struct sequence_mark){.kind = MARK_NOTE, .t_ns = 5});
    place(&sequence, &axis);
    cr_expect(axis.y[1] - axis.y[0] >= 15 && axis.y[2] - axis.y[1] >= 15);
    cr_expect(axis.y[3] - axis.y[2] >= 40);
    release(&sequence, &axis);
}

Test(sequence, keeps_thousands_of_moments_within_a_page_and_in_order)
{
    struct sequence sequence;
    struct sequence_axis axis;
    make_lanes(&sequence);
    for (int i = 0; i < 5000; i++)
        add_arrow(&sequence, i, "x");
    place(&sequence, &axis);
    cr_expect(axis.is_dense);
    cr_expect(axis.bottom < 8000);
    for (size_t i = 1; i < sequence.count; i++)
        cr_assert(axis.y[i] > axis.y[i - 1]);
    release(&sequence, &axis);
}

Test(sequence, ends_what_still_lasts_with_the_last_moment)
{
    struct sequence sequence;
    struct sequence_axis axis;
    make_lanes(&sequence);
    size_t ended = sequence_add(&sequence, &(struct sequence_mark){.kind = MARK_DOES, .lane = 1});
    sequence_end_mark(&sequence, ended, 3);
    sequence_end_mark(&sequence, SEQUENCE_NO_MARK, 99);
    size_t lasts =
        sequence_add(&sequence, &(struct sequence_mark){.kind = MARK_STATE, .t_ns = 3, .lane = 0});
    add_arrow(&sequence, 10, "x");
    place(&sequence, &axis);
    cr_expect_eq(sequence.marks[ended].until_ns, 3);
    cr_expect_eq(sequence.marks[lasts].until_ns, 10);
    cr_expect_float_eq(axis.until[lasts], axis.y[2], 4);
    release(&sequence, &axis);
}

/*** Pictures ***/

static char *picture_of(struct sequence *sequence)
{
    struct bytes out = {0};
    sequence_finish(sequence);
    sequence_picture(&out, sequence, 7);
    sequence_release(sequence);
    return bytes_take_text(&out);
}

Test(sequence, draws_nothing_of_nothing_and_all_of_something)
{
    struct sequence sequence = {0};
    free(picture_of(&sequence));
    make_lanes(&sequence);
    add_arrow(&sequence, 1, "<h>");
    char *text = picture_of(&sequence);
    cr_expect(strstr(text, ">&lt;h&gt;</text>") != NULL);
    cr_expect(strstr(text, "href=\"#sequence-7-1\"") != NULL);
    cr_expect(strstr(text, "<tr id=\"sequence-7-1\">") != NULL);
    cr_expect(strstr(text, "says &lt;h&gt;</td>") != NULL);
    free(text);
}

Test(sequence, says_how_much_is_not_in_its_table)
{
    struct sequence sequence;
    make_lanes(&sequence);
    for (int i = 0; i < 1003; i++)
        add_arrow(&sequence, i, "x");
    char *text = picture_of(&sequence);
    cr_expect(strstr(text, "3 more events are omitted.") != NULL);
    cr_expect(strstr(text, "#sequence-7-1001\"") == NULL, "a link to no row");
    free(text);
}

Test(sequence, knows_the_states_that_netstat_names)
{
    cr_expect_eq(sequence_look_of_state("ESTABLISHED"), LOOK_ESTABLISHED);
    cr_expect_eq(sequence_look_of_state("CLOSE_WAIT"), LOOK_HALF);
    cr_expect_eq(sequence_look_of_state("FIN_WAIT2"), LOOK_ENDING);
    cr_expect_eq(sequence_look_of_state("<b>"), LOOK_PLAIN);
    cr_expect_eq(sequence_look_of_state(NULL), LOOK_PLAIN);
}
