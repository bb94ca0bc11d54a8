/* The picture of what was played. */
#include "grader/gradebook/timeline.h"
#include "base/language.h"
#include "base/memory.h"

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
    cr_expect(bytes_contain(&out, "1500 more events", strlen("1500 more events")));
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
    const char *bar = strstr(strstr(text, "viewBox"), "<rect class=\"box on-door\"");
    cr_assert_not_null(bar);
    const char *arrow = "class=\"arrow plain\" d=\"M118.0 ";
    double begin = number_after(bar, " y=\"", 1);
    double end = begin + number_after(bar, "height=\"", 1);
    cr_expect_gt(begin, number_after(text, arrow, 21));
    cr_expect_lt(begin, number_after(text, arrow, 22));
    cr_expect_gt(end, number_after(text, arrow, 22));
    cr_expect_lt(end, number_after(text, arrow, 23));
    cr_expect(strstr(text, "<td class=\"time\">2.00</td><td class=\"time\">90.00</td>") != NULL);
    cr_expect(strstr(text, "waits: accept4</td>") != NULL);
    free(text);
}

/*** Whom it is said to ***/

static json_t *deed_of(int time_ms, const char *actor, const char *action, const char *text)
{
    return json_pack("{s:i, s:s, s:s, s:s}", "t_ms", time_ms, "actor", actor, "action", action,
                     "text", text);
}

/* As a scene of two clients with a server that talks to one at a time, in that language. */
static char *draw_scene(const char *language)
{
    language_set(language);
    json_t *events = json_array();
    char *on_one = text_of(_("%s on %s"), "recvfrom", "client 1");
    json_array_append_new(events, deed_of(0, "client 1", _("connects"), ""));
    json_array_append_new(events, wait_of(1, 9, "task 7 (server)", on_one));
    json_array_append_new(events, deed_of(5, "client 1", _("says"), "hello"));
    json_array_append_new(events, deed_of(6, "client 1", _("is answered"), "HELLO"));
    json_array_append_new(events, deed_of(7, "client 2", _("connects"), ""));
    json_array_append_new(events, deed_of(8, "client 2", _("says"), "me"));
    json_array_append_new(events, deed_of(9, "client 1", _("ends its side"), ""));
    json_array_append_new(events, deed_of(10, "client 1", _("sees the end"), ""));
    free(on_one);
    return draw_events(events, NULL);
}

Test(timeline, points_from_clients_to_whom_they_speak_to_in_each_language)
{
    static const char *const languages[] = {"en", "fr", "de"};
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        char *text = draw_scene(languages[i]);
        char *door = text_of("client 2 → %s</td>", _("submission"));
        cr_expect(strstr(text, "client 1 → task 7</td>") != NULL, "%s", text);
        cr_expect(strstr(text, "task 7 → client 1</td>") != NULL);
        cr_expect(strstr(text, door) != NULL, "nobody waits on it");
        cr_expect(strstr(text, "class=\"box on-client\"") != NULL);
        cr_expect(strstr(text, "class=\"box ending\"") != NULL);
        cr_expect(strstr(text, "class=\"deed\"") == NULL, "a deed that is not known");
        free(door);
        free(text);
    }
    language_set("en");
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
