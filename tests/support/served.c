#include "tests/support/served.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/socket.h"
#include "observe/proc.h"
#include "observe/task.h"
#include "servers/models/models.h"
#include "servers/protocols/protocol.h"
#include "servers/protocols/protocols.h"
#include "servers/server.h"
#include "tests/support/send_whole.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 24

struct criterion_test_params every_model_with(const char *only_protocol)
{
    static struct pair pairs[128];
    size_t count = 0;
    for (const struct server_model *const *model = server_models; *model != NULL; model++)
        for (const struct protocol *const *protocol = protocols; *protocol != NULL; protocol++) {
            if (only_protocol != NULL && strcmp(only_protocol, (*protocol)->name) != 0)
                continue;
            snprintf(pairs[count].model, sizeof pairs[count].model, "%s", (*model)->name);
            snprintf(pairs[count].protocol, sizeof pairs[count].protocol, "%s", (*protocol)->name);
            count++;
        }
    return cr_make_param_array(struct pair, pairs, count);
}

bool is(const char *name, const char *expected)
{
    return strcmp(name, expected) == 0;
}

static struct target start(const char *name, char *const command[])
{
    struct target server;
    int error = target_start(&server, name, command);
    cr_assert_eq(error, 0, "%s does not start: %s", name, strerror(-error));
    return server;
}

struct target served_start(const char *model, const char *const further[])
{
    char *command[WORDS_MAX] = {PROCTOR_PROGRAM, "serve", (char *)model};
    for (size_t i = 0; further != NULL && further[i] != NULL; i++)
        command[3 + i] = (char *)further[i];
    return start(model, command);
}

struct target served_start_limited(const char *model, int descriptors)
{
    char script[512];
    snprintf(script, sizeof script, "ulimit -n %d; exec %s serve %s", descriptors, PROCTOR_PROGRAM,
             model);
    char *command[] = {"sh", "-c", script, NULL};
    return start(model, command);
}

void served_stop(struct target *server)
{
    kill(server->process.pid, SIGTERM);
    cr_assert(process_wait_until(&server->process, clock_now_ns() + 20 * NS_PER_S),
              "%s does not end on SIGTERM", server->name);
    int status = process_end(&server->process, 0);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s ends with status %#x",
              server->name, (unsigned)status);
}

static int count_one(long number, void *count)
{
    (void)number;
    ++*(size_t *)count;
    return 0;
}

/* Its threads, the main one too, and those of its children. */
static size_t count_tasks(const struct target *server)
{
    size_t count = 0;
    char folder[32];
    snprintf(folder, sizeof folder, "/proc/%d/task", server->process.pid);
    proc_each_number(folder, count_one, &count);
    struct task_list children = {0};
    task_list_read(&children, server->process.pid);
    count += children.count;
    task_list_release(&children);
    return count;
}

void served_wait_for_tasks(const struct target *server, size_t count)
{
    int64_t deadline_ns = clock_now_ns() + 20 * NS_PER_S;
    while (count_tasks(server) != 1 + count)
        cr_assert_lt(clock_now_ns(), deadline_ns, "%zu tasks, not %zu", count_tasks(server),
                     1 + count);
}

static void count_descriptors(pid_t pid, size_t *count)
{
    char folder[32];
    snprintf(folder, sizeof folder, "/proc/%d/fd", pid);
    proc_each_number(folder, count_one, count);
}

size_t served_holdings(const struct target *server)
{
    size_t held = count_tasks(server);
    count_descriptors(server->process.pid, &held);
    struct task_list children = {0};
    task_list_read(&children, server->process.pid);
    for (size_t i = 0; i < children.count; i++)
        if (children.tasks[i].tid == children.tasks[i].pid)
            count_descriptors(children.tasks[i].pid, &held);
    task_list_release(&children);
    return held;
}

size_t served_tasks_of(const struct pair *pair)
{
    size_t launcher = is(pair->protocol, "command");
    if (is(pair->model, "prefork") || is(pair->model, "pool"))
        return launcher + 2;
    bool has_a_loop_per_worker = is(pair->model, "epoll") || is(pair->model, "io_uring");
    return launcher + has_a_loop_per_worker;
}

size_t served_wait_for_holdings(const struct target *server, size_t allowed)
{
    int64_t deadline_ns = clock_now_ns() + 20 * NS_PER_S;
    size_t held = served_holdings(server);
    while (held > allowed && clock_now_ns() < deadline_ns) {
        sched_yield();
        held = served_holdings(server);
    }
    cr_assert_leq(held, allowed, "%zu descriptors and tasks, not %zu", held, allowed);
    return held;
}

int client_connect(const struct target *server)
{
    int client = socket(server->address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_geq(client, 0);
    struct timeval patience = {.tv_sec = 20};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    socket_send_at_once(client);
    int connected = connect(client, &server->address.any, server->address.length_bytes);
    cr_assert_eq(connected, 0, "connect: %s", strerror(errno));
    return client;
}

void client_send(int client, const void *data, size_t count)
{
    int error = send_whole(client, data, count);
    cr_assert_eq(error, 0, "send: %s", strerror(-error));
}

size_t client_receive(int client, void *data, size_t count)
{
    size_t received = 0;
    while (received < count) {
        ssize_t got = recv(client, (char *)data + received, count - received, 0);
        cr_assert(got >= 0 || errno == ECONNRESET, "recv: %s", strerror(errno));
        if (got <= 0)
            break;
        received += (size_t)got;
    }
    return received;
}

bool client_is_echoed(int client)
{
    char sent = '?';
    char received = 0;
    return send(client, &sent, 1, MSG_NOSIGNAL) == 1 && client_receive(client, &received, 1) == 1 &&
           received == sent;
}

bool client_gets_through(const struct target *server)
{
    int64_t deadline_ns = clock_now_ns() + 20 * NS_PER_S;
    bool echoed = false;
    while (!echoed && clock_now_ns() < deadline_ns) {
        int client = client_connect(server);
        echoed = client_is_echoed(client);
        close(client);
    }
    return echoed;
}
