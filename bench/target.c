#include "bench/target.h"

#include "base/clock.h"
#include "base/memory.h"
#include "observe/snapshot.h"
#include "observe/task.h"
#include "text/number.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START_NS (10 * NS_PER_S) /* for a program of ours */
#define STOP_NS  (5 * NS_PER_S)
#define LOOK_NS  (2 * NS_PER_MS) /* between two looks at the kernel's table */
#define REST_NS  (200 * NS_PER_MS)

/* "listening on 127.0.0.1:9500 (epoll, echo)" */
static int parse_ready_line(char *line, struct address *address)
{
    static const char beginning[] = "listening on ";
    if (strncmp(line, beginning, strlen(beginning)) != 0)
        return -EPROTO;
    char *where = line + strlen(beginning);
    where[strcspn(where, " ")] = '\0';
    return address_parse(where, address) < 0 ? -EPROTO : 0;
}

int target_start(struct target *target, const char *name, char *const *command)
{
    *target = (struct target){.name = name};
    int error = process_start(&target->process, command);
    if (error < 0)
        return error;
    char line[256];
    error = process_read_line(&target->process, line, sizeof line, clock_now_ns() + START_NS);
    if (error == 0)
        error = parse_ready_line(line, &target->address);
    if (error < 0)
        target_stop(target);
    return error;
}

/*** Servers of others ***/

/* -EPIPE if the command ends first. */
static int wait_for_listener(struct target *target, uint16_t port, int netlink_fd,
                             int64_t deadline_ns)
{
    struct tcp_table table = {0};
    int error = -ETIMEDOUT;
    while (error == -ETIMEDOUT && clock_now_ns() < deadline_ns) {
        int result = tcp_table_read_listeners(&table, netlink_fd);
        if (result < 0)
            error = result;
        else if (tcp_table_reach_listener(&table, port, &target->address))
            error = 0;
        else if (guard_has_ended(&target->guard, clock_now_ns() + LOOK_NS))
            error = -EPIPE;
    }
    tcp_table_release(&table);
    return error;
}

/* Until its tasks are the same ones as at the last look, and all of them sleep: a daemon listens
 * before it forks away, and a runtime before its threads are there. What it holds then is what it
 * holds without clients. */
static void wait_for_rest(const struct target *target)
{
    struct task_list tasks = {0};
    size_t before = 0;
    int64_t deadline_ns = clock_now_ns() + REST_NS;
    for (bool is_at_rest = false; !is_at_rest && clock_now_ns() < deadline_ns;) {
        is_at_rest = guard_has_ended(&target->guard, clock_now_ns() + LOOK_NS);
        task_list_read(&tasks, target->guard.process.pid);
        size_t sum = task_list_sum_of_ids(&tasks);
        is_at_rest |= sum == before && tasks.running == 0;
        before = sum;
    }
    task_list_release(&tasks);
}

/* ", but on 127.0.0.1:8080", if it listens elsewhere. The caller frees. */
static char *listens_elsewhere(const struct target *target, int netlink_fd)
{
    const struct subject subject = {
        .netlink_fd = netlink_fd, .root = target->guard.process.pid, .shares_network = true};
    struct snapshot snapshot = {0};
    char text[ADDRESS_TEXT_BYTES];
    const struct tcp_row *row = snapshot_begin(&snapshot, &subject) == 0
                                    ? snapshot_find_listener(&snapshot, 0, NULL)
                                    : NULL;
    char *elsewhere = row != NULL ? text_of(", but on %s: put {port} in its command",
                                            address_text(&row->local, text))
                                  : text_of("; --start-timeout allows more time");
    snapshot_release(&snapshot);
    return elsewhere;
}

/* Why it does not listen. It has ended, or does so here. */
static char *describe_failure(struct target *target, uint16_t port, int netlink_fd,
                              int64_t timeout_ns, int error)
{
    char text[NUMBER_TEXT_BYTES];
    char *trouble = NULL;
    if (error == -ETIMEDOUT) {
        char *elsewhere = listens_elsewhere(target, netlink_fd);
        guard_end(&target->guard, STOP_NS);
        char *words = guard_last_words(&target->guard);
        trouble = text_of("does not listen on port %u after %s%s%s", port,
                          number_duration_text(text, (double)timeout_ns), elsewhere, words);
        free(elsewhere);
        free(words);
    } else if (error == -EPIPE) {
        trouble = target_end_text(target);
    }
    return trouble != NULL ? trouble : text_of("cannot be watched: %s", strerror(-error));
}

int target_start_on(struct target *target, const char *name, char *const *command, uint16_t port,
                    int64_t timeout_ns, char **trouble)
{
    *target = (struct target){.name = name};
    int netlink_fd = tcp_table_open();
    int error = netlink_fd < 0 ? netlink_fd : guard_start(&target->guard, command);
    if (error == 0)
        error = wait_for_listener(target, port, netlink_fd, clock_now_ns() + timeout_ns);
    if (error == 0)
        wait_for_rest(target);
    if (error < 0) {
        *trouble = describe_failure(target, port, netlink_fd, timeout_ns, error);
        target_stop(target);
    }
    if (netlink_fd >= 0)
        close(netlink_fd);
    return error;
}

static bool is_guarded(const struct target *target)
{
    return target->guard.process.pid > 0;
}

/*** All servers ***/

void target_adopt(struct target *target, const char *name, const struct address *address)
{
    *target = (struct target){.name = name, .address = *address};
}

bool target_is_ours(const struct target *target)
{
    return target->process.pid > 0 || is_guarded(target);
}

bool target_await_end(const struct target *target, int64_t deadline_ns)
{
    if (is_guarded(target))
        return guard_has_ended(&target->guard, deadline_ns);
    if (target_is_ours(target))
        return process_wait_until(&target->process, deadline_ns);
    poll(NULL, 0, clock_timeout_ms(deadline_ns));
    return false;
}

bool target_has_ended(const struct target *target)
{
    return target_is_ours(target) && target_await_end(target, 0);
}

char *target_end_text(const struct target *target)
{
    char *text = target->guard.note != NULL ? guard_end_text(&target->guard) : NULL;
    return text != NULL ? text : text_of("ended by itself");
}

void target_read_usage(const struct target *target, struct usage *usage)
{
    if (is_guarded(target))
        usage_read_descendants(usage, target->guard.process.pid);
    else
        usage_read(usage, target->process.pid);
}

uint64_t target_cpu_ns(const struct target *target)
{
    return is_guarded(target) ? process_descendants_cpu_ns(target->guard.process.pid)
                              : process_tree_cpu_ns(target->process.pid);
}

uint64_t target_guard_cpu_ns(const struct target *target)
{
    return is_guarded(target) ? process_cpu_ns(target->guard.process.pid) : 0;
}

int target_open_counter(const struct target *target, struct event_counter *counter,
                        enum counted_event event)
{
    return is_guarded(target)
               ? event_counter_open_descendants(counter, event, target->guard.process.pid)
               : event_counter_open(counter, event, target->process.pid);
}

void target_stop(struct target *target)
{
    if (target->process.pid > 0)
        process_end(&target->process, STOP_NS);
    guard_end(&target->guard, STOP_NS);
    guard_release(&target->guard);
    target->process.pid = 0;
}
