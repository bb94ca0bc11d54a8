/* Replies that come from commands and files, on every model. */
#include "tests/support/dialects.h"
#include "tests/support/exceptions.h"
#include "tests/support/served.h"

#include "base/clock.h"
#include "base/socket.h"
#include "observe/proc.h"
#include "observe/task.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t say(int client, const char *text, char *answer, size_t answer_bytes)
{
    client_send(client, text, strlen(text));
    return client_receive(client, answer, answer_bytes);
}

static struct target start_command(const char *model)
{
    const char *const words[] = {"--protocol", "command", "--allow-remote-commands",
                                 "--workers",  "2",       NULL};
    return served_start(model, words);
}

/* How many processes of the server run the program of this name; `any` becomes one of them. */
static size_t find_running(const struct target *server, const char *program, pid_t *any)
{
    struct task_list tasks = {0};
    task_list_read(&tasks, server->process.pid);
    size_t count = 0;
    for (size_t i = 0; i < tasks.count; i++) {
        char name[32];
        proc_read(name, sizeof name, "/proc/%d/comm", tasks.tasks[i].tid);
        name[strcspn(name, "\n")] = '\0';
        if (!is(name, program))
            continue;
        count++;
        *any = tasks.tasks[i].tid;
    }
    task_list_release(&tasks);
    return count;
}

static size_t count_running(const struct target *server, const char *program)
{
    pid_t any;
    return find_running(server, program, &any);
}

static void wait_for_running(const struct target *server, const char *program, size_t count)
{
    int64_t deadline_ns = clock_now_ns() + 20 * NS_PER_S;
    while (count_running(server, program) != count) {
        cr_assert_lt(clock_now_ns(), deadline_ns, "%zu processes run %s, not %zu",
                     count_running(server, program), program, count);
        sched_yield();
    }
}

static void expect_hello(int client)
{
    char answer[6];
    cr_assert_eq(say(client, "echo hello\n", answer, sizeof answer), sizeof answer);
    cr_assert_arr_eq(answer, "hello\n", sizeof answer);
}

ParameterizedTestParameters(attached, an_endless_command_stalls_nobody_and_ends_with_its_client)
{
    return every_model_with("command");
}

ParameterizedTest(struct pair *pair, attached,
                  an_endless_command_stalls_nobody_and_ends_with_its_client)
{
    struct target server = start_command(pair->model);
    int other = -1;
    if (!is(pair->model, "sequential")) {
        other = client_connect(&server);
        expect_hello(other);
    }
    int endless = client_connect(&server);
    client_send(endless, "sleep 1000000\n", 14);
    wait_for_running(&server, "sleep", 1);
    if (other >= 0)
        expect_hello(other);
    if (is(pair->model, "fork") || is(pair->model, "thread") || is(pair->model, "epoll"))
        close(endless); /* looks like a half-close at first */
    else
        socket_reset(endless);
    wait_for_running(&server, "sleep", 0);
    if (other < 0)
        other = client_connect(&server);
    expect_hello(other);
    close(other);
    served_stop(&server);
}

ParameterizedTestParameters(attached, ends_although_a_command_does_not)
{
    return every_model_with("command");
}

ParameterizedTest(struct pair *pair, attached, ends_although_a_command_does_not)
{
    struct target server = start_command(pair->model);
    int client = client_connect(&server);
    expect_hello(client);
    client_send(client, "yes\n", 4);
    char some[1024];
    cr_assert_eq(client_receive(client, some, sizeof some), sizeof some);
    served_stop(&server);
    close(client);
}

ParameterizedTestParameters(attached, nothing_a_command_has_started_outlives_the_server)
{
    return every_model_with("command");
}

ParameterizedTest(struct pair *pair, attached, nothing_a_command_has_started_outlives_the_server)
{
    struct target server = start_command(pair->model);
    int client = client_connect(&server);
    client_send(client, "setsid --fork --wait sleep 1000000\n", 35);
    wait_for_running(&server, "sleep", 1);
    pid_t sleeper = 0;
    find_running(&server, "sleep", &sleeper);
    int pidfd = (int)syscall(SYS_pidfd_open, sleeper, 0);
    kill(server.process.pid, SIGTERM);
    siginfo_t end;
    waitid(P_PID, (id_t)server.process.pid, &end, WEXITED | WNOWAIT);
    cr_assert_eq(poll(&(struct pollfd){.fd = pidfd, .events = POLLIN}, 1, 0), 1);
    close(pidfd);
    close(client);
    served_stop(&server);
}

ParameterizedTestParameters(attached, a_command_that_leaves_its_session_is_ended_too)
{
    return every_model_with("command");
}

ParameterizedTest(struct pair *pair, attached, a_command_that_leaves_its_session_is_ended_too)
{
    struct target server = start_command(pair->model);
    int client = client_connect(&server);
    client_send(client, "setsid setsid sleep 1000000\n", 28);
    char answer = 0;
    cr_assert_eq(client_receive(client, &answer, 1), 1); /* an empty line: it is over */
    cr_assert_eq(count_running(&server, "sleep"), 0);
    expect_hello(client);
    close(client);
    served_stop(&server);
}

ParameterizedTestParameters(attached, clients_that_reset_under_a_flood_of_output_harm_nobody)
{
    return every_model_with("command");
}

ParameterizedTest(struct pair *pair, attached,
                  clients_that_reset_under_a_flood_of_output_harm_nobody)
{
    struct target server = start_command(pair->model);
    for (int round = 0; round < 30; round++) {
        int clients[4];
        for (size_t i = 0; i < 4; i++) {
            clients[i] = client_connect(&server);
            client_send(clients[i], "yes\n", 4);
        }
        char some[1024];
        cr_assert_gt(client_receive(clients[0], some, sizeof some), 0);
        for (size_t i = 0; i < 4; i++)
            socket_reset(clients[i]);
    }
    int client = client_connect(&server);
    expect_hello(client);
    close(client);
    wait_for_running(&server, "yes", 0);
    served_stop(&server);
}

ParameterizedTestParameters(attached, an_object_that_cannot_be_read_ends_its_client_alone)
{
    return every_model_with("login");
}

ParameterizedTest(struct pair *pair, attached, an_object_that_cannot_be_read_ends_its_client_alone)
{
    /* Opening one's own memory is allowed, reading it at 0 is not. */
    const char *const words[] = {
        "--protocol", "login",      "--users", TESTS_FOLDER "/support/served_users",
        "--objects",  "/proc/self", NULL};
    struct target server = served_start(pair->model, words);
    for (int i = 0; i < 2; i++) {
        char answer[8];
        int client = client_connect(&server);
        cr_assert_eq(say(client, "UP:user:se:cret\nSEND:mem\n", answer, sizeof answer), 7,
                     "after PASSOK comes the end");
        close(client);
    }
    served_stop(&server);
}

/* The first line is longer than any receive. */
ParameterizedTestParameters(attached, a_long_first_line_is_one_line)
{
    return every_model_with("prefix");
}

ParameterizedTest(struct pair *pair, attached, a_long_first_line_is_one_line)
{
    enum { LENGTH = 40000 };
    const char *const words[] = {"--protocol", "prefix", "--prefix", "> ", NULL};
    struct target server = served_start(pair->model, words);
    static char line[LENGTH];
    static char answer[2 + LENGTH];
    memset(line, 'x', sizeof line - 1);
    line[LENGTH - 1] = '\n';
    int client = client_connect(&server);
    client_send(client, line, sizeof line);
    cr_assert_eq(client_receive(client, answer, sizeof answer), sizeof answer);
    cr_expect_arr_eq(answer + 2, line, sizeof line);
    close(client);
    served_stop(&server);
}

static void wait_for_room(const struct target *server, size_t holdings_most)
{
    int64_t deadline_ns = clock_now_ns() + 20 * NS_PER_S;
    while (served_holdings(server) > holdings_most) {
        cr_assert_lt(clock_now_ns(), deadline_ns, "%zu descriptors and tasks are held",
                     served_holdings(server));
        sched_yield();
    }
}

Test(attached, a_pipe_past_the_set_of_select_is_refused)
{
    socket_raise_descriptor_limit();
    struct target server = start_command("select");
    static int clients[1030];
    for (size_t i = 0; i < 1030; i++) {
        clients[i] = client_connect(&server);
        if (i == 0)
            expect_hello(clients[0]); /* while there is room */
    }
    size_t ended = 0;
    for (size_t i = 900; i < 1030; i++) {
        char answer[6];
        send(clients[i], "echo hello\n", 11, MSG_NOSIGNAL);
        ended += client_receive(clients[i], answer, sizeof answer) == 0;
    }
    cr_expect_gt(ended, 0);
    for (size_t i = 800; i < 1030; i++)
        close(clients[i]);
    wait_for_room(&server, 1000); /* then there is some again */
    expect_hello(clients[0]);
    for (size_t i = 0; i < 800; i++)
        close(clients[i]);
    served_stop(&server);
}
