/* What pictures tell: why a client waits, what has changed, what is kept, how often to look. */
#include "watch/picture.h"

#include "base/clock.h"
#include "tests/support/pictures.h"
#include "watch/changes.h"
#include "watch/history.h"
#include "watch/lookup.h"
#include "watch/pace.h"
#include "watch/why.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/*** Why a client waits ***/

static void expect_why(struct picture *picture, int id, const char *why)
{
    why_explain(picture);
    cr_expect_str_eq(picture_find_client(picture, id)->why, why);
    picture_release(picture);
}

static struct picture with_one_in_the_queue(void)
{
    struct picture picture = picture_made(0);
    picture_add_client(&picture, STAGE_SERVED);
    picture_add_client(&picture, STAGE_QUEUED);
    return picture;
}

Test(why, names_the_client_on_which_the_only_thread_sleeps)
{
    struct picture picture = with_one_in_the_queue();
    picture_add_task(&picture, 100, 1);
    expect_why(&picture, 2, "waits in the accept queue: the only thread sleeps on client 1");
}

Test(why, names_the_client_on_which_every_thread_sleeps)
{
    struct picture picture = with_one_in_the_queue();
    picture_add_task(&picture, 100, 1);
    picture_add_task(&picture, 101, 1);
    expect_why(&picture, 2, "waits in the accept queue: every thread sleeps on client 1");
}

Test(why, leaves_threads_of_a_runtime_aside)
{
    struct picture picture = with_one_in_the_queue();
    picture_add_task(&picture, 100, 1);
    struct picture_task *collector = picture_add_task(&picture, 101, 1);
    collector->is_runtime = true;
    collector->on = ON_LOCK;
    expect_why(&picture, 2, "waits in the accept queue: the only thread sleeps on client 1");
}

Test(why, says_that_one_is_about_to_be_taken)
{
    struct picture picture = with_one_in_the_queue();
    picture_add_task(&picture, 100, 1);
    picture_add_task(&picture, 101, 0);
    expect_why(
        &picture, 2,
        "waits in the accept queue; a thread waits for the listener and is about to take it");
}

Test(why, names_a_thread_that_waits_for_another)
{
    struct picture picture = with_one_in_the_queue();
    struct picture_task *task = picture_add_task(&picture, 100, 1);
    task->on = ON_LOCK;
    task->call = "futex";
    task->count = 0;
    picture_add_task(&picture, 101, 1);
    expect_why(&picture, 2,
               "waits in the accept queue: task 100 (python3) waits for a lock or for another "
               "thread (futex), others on client 1");
}

Test(why, concludes_nothing_from_what_does_not_belong_together)
{
    struct picture picture = with_one_in_the_queue();
    picture_add_task(&picture, 100, 1);
    picture.is_consistent = false;
    expect_why(&picture, 2, "waits in the accept queue");
}

Test(why, concludes_nothing_from_tasks_that_cannot_be_seen)
{
    struct picture picture = with_one_in_the_queue();
    picture_add_task(&picture, 100, 1)->is_hidden = true;
    expect_why(&picture, 2, "waits in the accept queue");
}

Test(why, says_nothing_of_who_is_served)
{
    struct picture picture = with_one_in_the_queue();
    picture_add_task(&picture, 100, 1);
    expect_why(&picture, 1, "");
}

Test(why, knows_who_is_accepted_and_left_alone)
{
    struct picture picture = picture_made(0);
    picture_add_client(&picture, STAGE_SERVED);
    picture_add_client(&picture, STAGE_ACCEPTED)->unread_bytes = 5;
    picture_add_task(&picture, 100, 1);
    expect_why(
        &picture, 2,
        "is accepted, but nobody reads what it has sent: the only thread sleeps on client 1");
}

Test(why, knows_a_full_queue)
{
    struct picture picture = picture_made(0);
    picture.listeners[0].queued = 2;
    picture.listeners[0].backlog = 1;
    picture_add_client(&picture, STAGE_CONNECTING)->server_state = STATE_SYN_RECV;
    expect_why(&picture, 1, "waits before the accept queue, which is full (2, limit 1)");
}

/*** What has changed ***/

static void say(const struct change *change, void *context)
{
    struct bytes *text = context;
    change_say(change, text);
    bytes_append(text, "|", 1);
}

static void expect_changes(struct picture *then, struct picture *now, const char *expected)
{
    struct bytes said = {0};
    changes_between(then, now, say, &said);
    char *text = bytes_take_text(&said);
    cr_expect_str_eq(text, expected);
    free(text);
    picture_release(then);
    picture_release(now);
}

Test(changes, are_none_between_two_pictures_of_the_same)
{
    struct picture then = with_one_in_the_queue(), now = with_one_in_the_queue();
    cr_expect_eq(changes_between(&then, &now, NULL, NULL), 0);
    picture_release(&then);
    picture_release(&now);
}

Test(changes, tell_of_a_client_that_is_accepted_and_read)
{
    struct picture then = picture_made(0), now = picture_made(1);
    picture_add_client(&then, STAGE_QUEUED)->unread_bytes = 5;
    struct picture_client *client = picture_add_client(&now, STAGE_SERVED);
    client->came_bytes = 5;
    expect_changes(&then, &now, "client 1: served by task 100 (python3), sent 5 bytes, 0 unread|");
}

Test(changes, tell_of_both_ends)
{
    struct picture then = picture_made(0), now = picture_made(1);
    picture_add_client(&then, STAGE_SERVED);
    struct picture_client *client = picture_add_client(&now, STAGE_SERVED);
    client->server_state = STATE_CLOSE_WAIT;
    client->client_state = STATE_FIN_WAIT2;
    expect_changes(&then, &now, "client 1; server CLOSE_WAIT, client FIN_WAIT2|");
}

Test(changes, tell_of_tasks_and_of_the_model)
{
    struct picture then = picture_made(0), now = picture_made(1);
    picture_add_client(&then, STAGE_SERVED);
    picture_add_client(&now, STAGE_SERVED);
    picture_add_task(&then, 100, 1);
    picture_add_task(&then, 101, 1);
    picture_add_task(&now, 100, 0);
    now.model.name = "thread";
    expect_changes(&then, &now,
                   "task 101 (python3) has ended|"
                   "task 100 (python3) sleeps in accept4 on the listener|"
                   "model: thread: not yet known|");
}

Test(changes, are_none_of_tasks_that_cannot_be_seen)
{
    struct picture then = picture_made(0), now = picture_made(1);
    struct picture_task *before = picture_add_task(&then, 100, 0);
    struct picture_task *task = picture_add_task(&now, 100, 0);
    before->is_hidden = task->is_hidden = true;
    task->doing = DOING_RUNS;
    cr_expect_eq(changes_between(&then, &now, NULL, NULL), 0);
    task->is_hidden = false;
    cr_expect_eq(changes_between(&then, &now, NULL, NULL), 1);
    picture_release(&then);
    picture_release(&now);
}

/*** What is kept ***/

Test(history, keeps_a_picture_only_if_something_has_changed)
{
    struct history history;
    struct picture one = picture_made(1), two = picture_made(2), three = picture_made(3);
    history_init(&history);
    cr_expect(history_add(&history, &one, 1));
    cr_expect_not(history_add(&history, &two, 0));
    cr_expect(history_add(&history, &three, 1));
    cr_assert_eq(history.count, 2);
    cr_expect_eq(history.pictures[0].t_ns, 2);
    cr_expect_eq(history.pictures[1].t_ns, 3);
    picture_release(&one);
    picture_release(&two);
    picture_release(&three);
    history_release(&history);
}

Test(history, forgets_the_oldest_notes)
{
    struct history history;
    struct picture then = picture_made(0), now = picture_made(1);
    then.short_lived = 0;
    now.short_lived = 1;
    const struct change change = {.kind = CHANGE_SHORT_LIVED, .then = &then, .picture = &now};
    history_init(&history);
    for (size_t i = 0; i < HISTORY_NOTES_MAX + 10; i++) {
        now.t_ns = (int64_t)i;
        history_note(&history, &change);
    }
    cr_expect_leq(history.note_count, HISTORY_NOTES_MAX);
    cr_expect_eq(history.notes[history.note_count - 1].t_ns, (int64_t)HISTORY_NOTES_MAX + 9);
    picture_release(&then);
    picture_release(&now);
    history_release(&history);
}

/*** How often to look ***/

Test(pace, is_the_rate_where_looks_cost_little)
{
    struct pace pace = {.interval_ns = 100 * NS_PER_MS, .most_share = 0.1};
    pace_begin(&pace, 0, 0);
    for (int64_t i = 1; i < 20; i++)
        cr_expect_eq(pace_next(&pace, (i - 1) * 100 * NS_PER_MS, i * NS_PER_MS),
                     i * 100 * NS_PER_MS);
    cr_expect_eq(pace_take_left_out(&pace), 0);
}

Test(pace, leaves_looks_out_where_they_cost_more_than_their_share)
{
    struct pace pace = {.interval_ns = 100 * NS_PER_MS, .most_share = 0.1};
    int64_t now_ns = 0, used_ns = 0;
    pace_begin(&pace, 0, 0);
    for (int i = 0; i < 50; i++) {
        used_ns += 40 * NS_PER_MS;
        now_ns = pace_next(&pace, now_ns, used_ns);
    }
    cr_expect_leq((double)used_ns, 0.12 * (double)now_ns);
    cr_expect_geq(pace_take_left_out(&pace), 100);
    cr_expect_eq(pace_take_left_out(&pace), 0);
}

/*** Finding by address and inode ***/

Test(lookup, finds_all_of_one_hash_and_nothing_else)
{
    struct lookup lookup = {0};
    cr_expect_eq(lookup_find(&lookup, 7), LOOKUP_NONE);
    lookup_begin(&lookup, 3);
    lookup_add(&lookup, 7, 0);
    lookup_add(&lookup, 7, 1);
    lookup_add(&lookup, 7 + 64, 2); /* falls on the same slot */
    cr_expect_eq(lookup_find(&lookup, 7), 0);
    cr_expect_eq(lookup_find_next(&lookup, 7, 0), 1);
    cr_expect_eq(lookup_find_next(&lookup, 7, 1), LOOKUP_NONE);
    cr_expect_eq(lookup_find(&lookup, 7 + 64), 2);
    cr_expect_eq(lookup_find(&lookup, 8), LOOKUP_NONE);
    lookup_begin(&lookup, 1000);
    cr_expect_eq(lookup_find(&lookup, 7), LOOKUP_NONE);
    lookup_release(&lookup);
}

Test(lookup, knows_an_ipv4_client_of_an_ipv6_socket)
{
    struct address plain, mapped, server;
    cr_assert_eq(address_parse("127.0.0.1:4000", &plain), 0);
    cr_assert_eq(address_parse("[::ffff:127.0.0.1]:4000", &mapped), 0);
    cr_assert_eq(address_parse("127.0.0.1:9500", &server), 0);
    cr_expect_eq(lookup_hash_connection(&plain, &server), lookup_hash_connection(&mapped, &server));
    cr_expect_neq(lookup_hash_connection(&plain, &server), lookup_hash_connection(&server, &plain));
    cr_expect(address_equal(&plain, &mapped));
    cr_expect_not(address_equal(&plain, &server));
}
