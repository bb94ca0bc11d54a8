/* How models end of themselves, and how they count over all their threads and processes. */
#include "tests/support/dialects.h"
#include "tests/support/exceptions.h"
#include "tests/support/served.h"

#include "base/clock.h"
#include "base/socket.h"
#include "observe/proc.h"
#include "observe/task.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void expect_ended(struct target *server)
{
    cr_assert(process_wait_until(&server->process, clock_now_ns() + 20 * NS_PER_S),
              "%s does not end of itself", server->name);
    int status = process_end(&server->process, 0);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s ends with status %#x",
              server->name, (unsigned)status);
}

static bool goes_on(const struct target *server)
{
    return !process_wait_until(&server->process, 0);
}

static size_t say(int client, const char *text, char *answer, size_t answer_bytes)
{
    client_send(client, text, strlen(text));
    return client_receive(client, answer, answer_bytes);
}

/*** --until ***/

ParameterizedTestParameters(ending, after_the_first_client)
{
    return every_model_with("echo");
}

ParameterizedTest(struct pair *pair, ending, after_the_first_client)
{
    const char *const further[] = {"--until", "first-client", "--workers", "2", NULL};
    struct target server = served_start(pair->model, further);
    int first = client_connect(&server);
    cr_assert(client_is_echoed(first));
    int second = client_connect(&server);
    if (!is(pair->model, "sequential"))
        cr_assert(client_is_echoed(second));
    cr_assert(goes_on(&server));
    close(first);
    char more = 0;
    cr_assert_eq(client_receive(second, &more, 1), 0, "the second is not told of the end");
    close(second);
    expect_ended(&server);
}

ParameterizedTestParameters(ending, after_the_last_client)
{
    return every_model_with("echo");
}

ParameterizedTest(struct pair *pair, ending, after_the_last_client)
{
    const char *const further[] = {"--until", "last-client", "--workers", "2", NULL};
    struct target server = served_start(pair->model, further);
    int first = client_connect(&server);
    cr_assert(client_is_echoed(first));
    if (!is(pair->model, "sequential")) {
        int second = client_connect(&server);
        cr_assert(client_is_echoed(second));
        close(first);
        first = second;
        cr_assert(client_is_echoed(first), "it ended although one client is left");
    }
    cr_assert(goes_on(&server));
    close(first);
    expect_ended(&server);
}

ParameterizedTestParameters(ending, at_enter)
{
    return every_model_with("echo");
}

ParameterizedTest(struct pair *pair, ending, at_enter)
{
    char folder[] = "/tmp/proctor-enter-XXXXXX";
    char keyboard[64];
    char script[512];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(keyboard, sizeof keyboard, "%s/keyboard", folder);
    cr_assert_eq(mkfifo(keyboard, 0600), 0);
    int keys = open(keyboard, O_RDWR | O_CLOEXEC); /* it does not end while we have it */
    snprintf(script, sizeof script, "exec %s serve %s --until enter <%s", PROCTOR_PROGRAM,
             pair->model, keyboard);
    char *command[] = {"sh", "-c", script, NULL};
    struct target server;
    cr_assert_eq(target_start(&server, pair->model, command), 0);
    int client = client_connect(&server);
    cr_assert(client_is_echoed(client));
    cr_assert_eq(write(keys, "x", 1), 1);
    cr_assert(client_is_echoed(client));
    cr_assert(goes_on(&server));
    cr_assert_eq(write(keys, "\n", 1), 1);
    char more = 0;
    cr_assert_eq(client_receive(client, &more, 1), 0);
    expect_ended(&server);
    close(client);
    close(keys);
    unlink(keyboard);
    rmdir(folder);
}

/*** Counting over all threads and processes ***/

static struct target start_login(const char *model, const char *further)
{
    const struct dialect *dialect = dialect_of("login");
    const char *const *options = dialect->options;
    const char *const words[] = {
        "--protocol", "login",     options[0], options[1], options[2],
        options[3],   "--workers", "4",        further,    further != NULL ? "last-client" : NULL,
        NULL};
    return served_start(model, words);
}

static int log_in(const struct target *server)
{
    char answer[7];
    int client = client_connect(server);
    cr_assert_eq(say(client, "UP:user:se:cret\n", answer, sizeof answer), sizeof answer);
    cr_assert_arr_eq(answer, "PASSOK\n", sizeof answer);
    return client;
}

static void wait_for_count(int client, const char *expected)
{
    char answer[64] = "";
    int64_t deadline_ns = clock_now_ns() + 20 * NS_PER_S;
    while (strcmp(answer, expected) != 0 && clock_now_ns() < deadline_ns) {
        memset(answer, 0, sizeof answer);
        client_send(client, "NB\n", 3);
        for (size_t i = 0; i == 0 || answer[i - 1] != '\n'; i++)
            cr_assert_eq(client_receive(client, answer + i, 1), 1);
    }
    cr_assert_str_eq(answer, expected);
}

ParameterizedTestParameters(ending, clients_are_counted_everywhere)
{
    return every_model_with("login");
}

ParameterizedTest(struct pair *pair, ending, clients_are_counted_everywhere)
{
    SKIP_EXCEPTIONS("several at once", pair->model);
    struct target server = start_login(pair->model, NULL);
    int first = log_in(&server);
    wait_for_count(first, "Nombre de connecté au server: 1\n");
    int others[3];
    for (size_t i = 0; i < 3; i++)
        others[i] = log_in(&server);
    wait_for_count(first, "Nombre de connecté au server: 4\n");
    wait_for_count(others[2], "Nombre de connecté au server: 4\n");
    close(others[0]);
    socket_reset(others[1]);
    wait_for_count(first, "Nombre de connecté au server: 2\n");
    close(first);
    close(others[2]);
    served_stop(&server);
}

/* The child that serves the client which came last. */
static pid_t youngest_child(const struct target *server)
{
    struct task_list children = {0};
    task_list_read(&children, server->process.pid);
    pid_t youngest = 0;
    for (size_t i = 0; i < children.count; i++)
        youngest = children.tasks[i].pid > youngest ? children.tasks[i].pid : youngest;
    task_list_release(&children);
    return youngest;
}

Test(ending, a_killed_child_is_not_counted_any_more)
{
    struct target server = start_login("fork", "--until");
    int first = log_in(&server);
    int second = log_in(&server);
    wait_for_count(first, "Nombre de connecté au server: 2\n");
    kill(youngest_child(&server), SIGKILL);
    wait_for_count(first, "Nombre de connecté au server: 1\n");
    close(second);
    kill(youngest_child(&server), SIGKILL);
    expect_ended(&server);
    close(first);
}

Test(ending, a_worker_that_is_told_to_end_is_replaced_alone)
{
    const char *const further[] = {"--workers", "2", NULL};
    struct target server = served_start("prefork", further);
    for (int i = 0; i < 10; i++) {
        served_wait_for_tasks(&server, 2);
        kill(youngest_child(&server), SIGTERM);
        cr_assert(client_gets_through(&server), "nobody is served any more");
    }
    served_stop(&server);
}

Test(ending, not_while_somebody_is_queued)
{
    static const char *const models[] = {"pool", "sequential", "prefork"};
    for (size_t i = 0; i < 3; i++) {
        const char *const further[] = {"--workers", "1", "--until", "last-client", NULL};
        struct target server = served_start(models[i], further);
        int first = client_connect(&server);
        cr_assert(client_is_echoed(first));
        int second = client_connect(&server);
        client_send(second, "x", 1);
        close(first);
        char echoed = 0;
        cr_assert_eq(client_receive(second, &echoed, 1), 1, "%s ended before", models[i]);
        close(second);
        expect_ended(&server);
    }
}
