#include "observe/tracepoint.h"

#include "base/memory.h"
#include "observe/proc.h"
#include "observe/task.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TRIES 100

/* The number of the tracepoint that every system call passes, or -errno. Reading it needs the
 * trace file system mounted in one of its two places. */
static long sys_enter_id(void)
{
    char text[32];
    ssize_t length =
        proc_read(text, sizeof text, "/sys/kernel/tracing/events/raw_syscalls/sys_enter/id");
    if (length <= 0)
        length = proc_read(text, sizeof text,
                           "/sys/kernel/debug/tracing/events/raw_syscalls/sys_enter/id");
    return length > 0 ? strtol(text, NULL, 10) : length < 0 ? length : -ENOENT;
}

/* For the task and whatever it starts from now on. A descriptor, or -errno. */
static int open_counter(long tracepoint_id, pid_t tid)
{
    struct perf_event_attr attributes = {
        .type = PERF_TYPE_TRACEPOINT,
        .size = sizeof attributes,
        .config = (unsigned long long)tracepoint_id,
        .inherit = 1,
    };
    int fd = (int)syscall(SYS_perf_event_open, &attributes, tid, -1, -1, PERF_FLAG_FD_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int tracepoint_check(const char **reason)
{
    long id = sys_enter_id();
    if (id < 0) {
        *reason = "tracefs is not mounted or not readable (mount -t tracefs none "
                  "/sys/kernel/tracing, as root)";
        return (int)id;
    }
    int fd = open_counter(id, 0);
    if (fd < 0) {
        *reason = "perf_event_open is not permitted (kernel.perf_event_paranoid, or CAP_PERFMON)";
        return fd;
    }
    close(fd);
    return 0;
}

static int add_task(long tid, void *context)
{
    struct syscall_counter *counter = context;
    int fd = open_counter(sys_enter_id(), (pid_t)tid);
    if (fd == -ESRCH)
        return 0; /* it has ended meanwhile */
    if (fd < 0)
        return fd;
    counter->fds = reallocate(counter->fds, counter->count + 1, sizeof *counter->fds);
    counter->fds[counter->count++] = fd;
    return 0;
}

static int count_task(long tid, void *sum)
{
    *(size_t *)sum += (size_t)tid; /* so that one that goes and one that comes do not cancel out */
    return 0;
}

/* A number that changes when a task comes or goes. */
static size_t sum_of_tasks(pid_t root)
{
    size_t sum = 0;
    char folder[32];
    snprintf(folder, sizeof folder, "/proc/%d/task", root);
    proc_each_number(folder, count_task, &sum);
    struct task_list descendants = {0};
    task_list_read(&descendants, root);
    for (size_t i = 0; i < descendants.count; i++)
        count_task(descendants.tasks[i].tid, &sum);
    task_list_release(&descendants);
    return sum;
}

static int open_all(struct syscall_counter *counter, pid_t root)
{
    *counter = (struct syscall_counter){0};
    char folder[32];
    snprintf(folder, sizeof folder, "/proc/%d/task", root);
    int error = proc_each_number(folder, add_task, counter);
    struct task_list descendants = {0};
    task_list_read(&descendants, root);
    for (size_t i = 0; i < descendants.count && error == 0; i++)
        error = add_task(descendants.tasks[i].tid, counter);
    task_list_release(&descendants);
    return error;
}

int syscall_counter_open(struct syscall_counter *counter, pid_t root)
{
    size_t before = sum_of_tasks(root);
    int error = open_all(counter, root);
    /* A task that was born meanwhile might be counted twice, by its own and by its parent's. */
    for (int i = 0; i < TRIES && error == 0 && sum_of_tasks(root) != before; i++) {
        syscall_counter_close(counter);
        before = sum_of_tasks(root);
        error = open_all(counter, root);
    }
    return error;
}

uint64_t syscall_counter_read(const struct syscall_counter *counter)
{
    uint64_t calls = 0;
    for (size_t i = 0; i < counter->count; i++) {
        uint64_t value = 0;
        if (read(counter->fds[i], &value, sizeof value) == sizeof value)
            calls += value;
    }
    return calls;
}

void syscall_counter_close(struct syscall_counter *counter)
{
    for (size_t i = 0; i < counter->count; i++)
        close(counter->fds[i]);
    free(counter->fds);
    *counter = (struct syscall_counter){0};
}
