/* The picture of what was played. */
#include "grader/gradebook/timeline.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void draw(struct bytes *out, size_t events, size_t actors)
{
    json_t *described = json_array();
    for (size_t i = 0; i < events; i++)
        json_array_append_new(described, json_pack("{s:i, s:o, s:s}", "t_ms", (int)i, "actor",
                                                   json_sprintf("client %zu", i % actors), "action",
                                                   "speaks"));
    timeline(described, NULL, 1, out);
    json_decref(described);
}

Test(timeline, draws_a_crowd_on_as_many_lanes_as_there_is_room_for)
{
    struct bytes out = {0};
    draw(&out, 2500, 1100);
    cr_expect(bytes_contain(&out, "all others", strlen("all others")));
    cr_expect(bytes_contain(&out, "500 more events", strlen("500 more events")));
    bytes_release(&out);
}

Test(timeline, draws_nothing_of_nothing)
{
    struct bytes out = {0};
    draw(&out, 0, 1);
    timeline(NULL, NULL, 1, &out);
    cr_expect_eq(out.length, 0);
    bytes_release(&out);
}

/*** Waits ***/

static json_t *wait_of(int begin_ms, int end_ms, const char *task, const char *call)
{
    return json_pack("{s:i, s:i, s:s, s:s, s:s}", "t_ms", begin_ms, "until_ms", end_ms, "actor",
                     task, "action", "waits", "text", call);
}

static json_t *deed_at(int time_ms)
{
    return json_pack("{s:i, s:s, s:s}", "t_ms", time_ms, "actor", "client 1", "action", "says");
}

static char *draw_events(json_t *events, json_t *left_out)
{
    struct bytes out = {0};
    timeline(events, left_out, 1, &out);
    char *text = strndup(bytes_front(&out), out.length);
    json_decref(events);
    json_decref(left_out);
    bytes_release(&out);
    return text;
}

/* The number after the nth `mark`. */
static double number_after(const char *text, const char *mark, int nth)
{
    for (; nth > 0 && text != NULL; nth--) {
        text = strstr(text, mark);
        text = text != NULL ? text + strlen(mark) : NULL;
    }
    return text != NULL ? strtod(text, NULL) : -1;
}

Test(timeline, draws_waits_among_the_deeds_of_their_time)
{
    json_t *events = json_array();
    json_array_append_new(events, deed_at(0));
    for (int i = 0; i < 20; i++) /* which need more room than there is */
        json_array_append_new(events, deed_at(1));
    json_array_append_new(events, wait_of(2, 90, "task 7 (server)", "accept4"));
    json_array_append_new(events, deed_at(3));
    json_array_append_new(events, deed_at(100));
    char *text = draw_events(events, NULL);
    double begin = number_after(text, "class=\"wait\" x=\"", 1);
    double end = begin + number_after(strstr(text, "class=\"wait\""), "width=\"", 1);
    cr_expect_gt(begin, number_after(text, "cx=\"", 21));
    cr_expect_lt(begin, number_after(text, "cx=\"", 22));
    cr_expect_gt(end, number_after(text, "cx=\"", 22));
    cr_expect_lt(end, number_after(text, "cx=\"", 23));
    cr_expect(strstr(text, "accept4, until 90.000 ms</td>") != NULL, "%s", text);
    free(text);
}

Test(timeline, draws_as_many_tasks_as_there_is_room_for_and_says_how_many_there_are_besides)
{
    json_t *events = json_array();
    for (int i = 0; i < 40; i++) {
        json_t *wait = wait_of(i, i + 1, "", "read");
        json_object_set_new(wait, "actor", json_sprintf("task %d (server)", i));
        json_array_append_new(events, wait);
    }
    char *text = draw_events(events, json_pack("{s:i, s:i}", "tasks", 5, "waits", 9));
    cr_expect(strstr(text, "all others") != NULL);
    cr_expect(strstr(text, "5 more threads or processes are omitted") != NULL, "%s", text);
    cr_expect(strstr(text, "9 more waits are omitted") != NULL, "%s", text);
    free(text);
}
