/* What only a protocol can show whose clients talk to each other: every model lets somebody hear
 * what another one says, whatever else the two are doing. */
#include "tests/support/exceptions.h"
#include "tests/support/served.h"

#include "base/clock.h"
#include "base/socket.h"
#include "observe/task.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct target start_chat(const struct pair *pair)
{
    const char *const words[] = {"--protocol", "chat", "--workers", "4", NULL};
    return served_start(pair->model, words);
}

static void say(int client, const char *text)
{
    client_send(client, text, strlen(text));
}

static void expect(int client, const char *text)
{
    char got[256] = {0};
    cr_assert_lt(strlen(text), sizeof got);
    client_receive(client, got, strlen(text));
    cr_assert_str_eq(got, text);
}

static int join(const struct target *server, const char *name)
{
    char text[64];
    int client = client_connect(server);
    snprintf(text, sizeof text, "HELLO-FROM %s\n", name);
    say(client, text);
    snprintf(text, sizeof text, "HELLO %s\n", name);
    expect(client, text);
    return client;
}

/* Says the name until it is free: a server learns of a leave a moment later. */
static int join_at_last(const struct target *server, const char *name)
{
    int64_t deadline_ns = clock_now_ns() + 20 * NS_PER_S;
    char text[64];
    snprintf(text, sizeof text, "HELLO-FROM %s\n", name);
    int client = client_connect(server);
    char first = 'I';
    while (first == 'I') {
        cr_assert_lt(clock_now_ns(), deadline_ns, "the name is never free again");
        say(client, text);
        client_receive(client, &first, 1);
        expect(client, first == 'I' ? "N-USE\n" : "ELLO ");
    }
    snprintf(text, sizeof text, "%s\n", name);
    expect(client, text);
    return client;
}

static bool is_alone(const struct pair *pair)
{
    return exception_of("heard by others", pair->model) != NULL;
}

ParameterizedTestParameters(chat, is_heard_by_the_one_that_is_meant)
{
    return every_model_with("chat");
}

ParameterizedTest(struct pair *pair, chat, is_heard_by_the_one_that_is_meant)
{
    if (is_alone(pair))
        return;
    struct target server = start_chat(pair);
    int a = join(&server, "a");
    int b = join(&server, "b");
    int c = join(&server, "c");
    for (int i = 0; i < 100; i++) { /* nobody but the speaker does anything meanwhile */
        say(a, "SEND b one\n");
        expect(a, "SEND-OK\n");
        expect(b, "DELIVERY a one\n");
    }
    say(b, "SEND c half a li"); /* which keeps it from hearing nothing */
    say(a, "SEND b two\n");
    expect(b, "DELIVERY a two\n");
    say(b, "ne\n");
    expect(b, "SEND-OK\n");
    expect(c, "DELIVERY b half a line\n");
    say(a, "LIST\n");
    expect(a, "SEND-OK\nLIST-OK a b c\n");
    shutdown(b, SHUT_WR);
    char more = 0;
    cr_expect_eq(client_receive(b, &more, 1), 0);
    say(a, "SEND b three\n");
    expect(a, "BAD-DEST-USER\n");
    close(a);
    close(b);
    close(c);
    served_stop(&server);
}

ParameterizedTestParameters(chat, who_does_not_listen_keeps_nobody_waiting)
{
    return every_model_with("chat");
}

/* Until its socket and its mailbox are full; what was confirmed is then all heard. */
ParameterizedTest(struct pair *pair, chat, who_does_not_listen_keeps_nobody_waiting)
{
    if (is_alone(pair))
        return;
    struct target server = start_chat(pair);
    int a = join(&server, "a");
    int b = join(&server, "b");
    int c = join(&server, "c");
    char said[8192];
    char heard[sizeof said + 16] = "DELIVERY a ";
    memset(said, 'x', sizeof said);
    memcpy(said, "SEND b ", 7);
    said[sizeof said - 1] = '\n';
    memcpy(heard + 11, said + 7, sizeof said - 7);
    size_t heard_bytes = 11 + sizeof said - 7;
    size_t confirmed = 0;
    char first = 'S';
    for (; first == 'S'; confirmed += first == 'S') {
        client_send(a, said, sizeof said);
        client_receive(a, &first, 1);
        expect(a, first == 'S' ? "END-OK\n" : "USY\n");
    }
    say(a, "SEND c meanwhile\n");
    expect(a, "SEND-OK\n");
    expect(c, "DELIVERY a meanwhile\n");
    for (; confirmed > 0; confirmed--) {
        char got[sizeof heard];
        cr_assert_eq(client_receive(b, got, heard_bytes), heard_bytes);
        cr_assert_arr_eq(got, heard, heard_bytes);
    }
    say(b, "LIST\n");
    expect(b, "LIST-OK a b c\n");
    close(a);
    close(b);
    close(c);
    served_stop(&server);
}

ParameterizedTestParameters(chat, a_name_is_free_again_however_its_owner_left)
{
    return every_model_with("chat");
}

ParameterizedTest(struct pair *pair, chat, a_name_is_free_again_however_its_owner_left)
{
    struct target server = start_chat(pair);
    for (int i = 0; i < 10; i++) {
        int client = join_at_last(&server, "a");
        if (i % 2 == 0)
            socket_reset(client);
        else
            close(client);
    }
    close(join_at_last(&server, "a"));
    served_stop(&server);
}

ParameterizedTestParameters(chat, nothing_is_left_of_100_members)
{
    return every_model_with("chat");
}

ParameterizedTest(struct pair *pair, chat, nothing_is_left_of_100_members)
{
    struct target server = start_chat(pair);
    size_t allowed = 0;
    for (int i = 0; i < 100; i++) {
        int client = join_at_last(&server, "a");
        size_t held = served_holdings(&server);
        close(client);
        if (i == 49)
            allowed = served_wait_for_holdings(&server, held - 1);
    }
    served_wait_for_holdings(&server, allowed);
    served_stop(&server);
}

/* The process that serves the only member. */
static pid_t only_child(const struct target *server)
{
    struct task_list children = {0};
    task_list_read(&children, server->process.pid);
    cr_assert_eq(children.count, 1);
    pid_t child = children.tasks[0].pid;
    task_list_release(&children);
    return child;
}

Test(chat, a_process_that_is_killed_leaves_no_name_behind)
{
    struct pair fork = {.model = "fork", .protocol = "chat"};
    struct target server = start_chat(&fork);
    int a = join(&server, "a");
    kill(only_child(&server), SIGKILL);
    char more = 0;
    cr_expect_eq(client_receive(a, &more, 1), 0);
    close(a);
    close(join_at_last(&server, "a"));
    served_stop(&server);
}
