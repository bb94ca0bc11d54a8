#include "observe/event_counter.h"

#include "base/memory.h"
#include "observe/proc.h"
#include "observe/task.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TRIES 100

#define SYS_ENTER_ID "events/raw_syscalls/sys_enter/id"

/* Through a mount of the trace file system that nobody else sees, as root may make one: on a fresh
 * machine it is mounted nowhere. Its length or -errno. */
static ssize_t read_id_unmounted(char *text, size_t text_bytes)
{
    int context = fsopen("tracefs", FSOPEN_CLOEXEC);
    if (context < 0)
        return -errno;
    int error = fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0 ? -errno : 0;
    int mount = error == 0 ? fsmount(context, FSMOUNT_CLOEXEC, 0) : error;
    ssize_t length = mount >= 0
                         ? proc_read(text, text_bytes, "/proc/self/fd/%d/" SYS_ENTER_ID, mount)
                         : (error < 0 ? error : -errno);
    if (mount >= 0)
        close(mount);
    close(context);
    return length;
}

/* The number of the tracepoint that every system call passes, or -errno. Where it is mounted but
 * may not be read, that is the error; in the older one of its two places it need not be as well. */
static long sys_enter_id(void)
{
    char text[32];
    ssize_t length = proc_read(text, sizeof text, "/sys/kernel/tracing/" SYS_ENTER_ID);
    if (length <= 0 && length != -EACCES)
        length = proc_read(text, sizeof text, "/sys/kernel/debug/tracing/" SYS_ENTER_ID);
    if (length <= 0 && length != -EACCES)
        length = read_id_unmounted(text, sizeof text);
    return length > 0 ? strtol(text, NULL, 10) : length < 0 ? length : -ENOENT;
}

/* For the task and whatever it starts from now on. A descriptor, or -errno. Processor time is all
 * of it even where the kernel's is excluded, which is what others than root may not count; switches
 * would not be counted then, as all of them happen in the kernel. */
static int open_counter(enum counted_event event, pid_t tid)
{
    struct perf_event_attr attributes = {.size = sizeof attributes, .inherit = 1};
    if (event == EVENT_SYSTEM_CALLS) {
        attributes.type = PERF_TYPE_TRACEPOINT;
        attributes.config = (unsigned long long)sys_enter_id();
    } else {
        attributes.type = PERF_TYPE_SOFTWARE;
        attributes.config =
            event == EVENT_SWITCHES ? PERF_COUNT_SW_CONTEXT_SWITCHES : PERF_COUNT_SW_TASK_CLOCK;
        attributes.exclude_kernel = event == EVENT_CPU_NS;
    }
    int fd = (int)syscall(SYS_perf_event_open, &attributes, tid, -1, -1, PERF_FLAG_FD_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int event_counter_check(enum counted_event event, const char **reason)
{
    long id = event == EVENT_SYSTEM_CALLS ? sys_enter_id() : 0;
    if (id < 0) {
        *reason = id == -EACCES
                      ? "tracefs may be read by root only; run as root, or as root once: mount -o "
                        "remount,mode=755 /sys/kernel/tracing; sysctl kernel.perf_event_paranoid=-1"
                      : "tracefs cannot be mounted; run as root, or as root once: mount -t tracefs "
                        "-o mode=755 none /sys/kernel/tracing; sysctl "
                        "kernel.perf_event_paranoid=-1";
        return (int)id;
    }
    int fd = open_counter(event, 0);
    if (fd < 0) {
        *reason = "the kernel's counters are not permitted; run as root, or as root once: sysctl "
                  "kernel.perf_event_paranoid=-1";
        return fd;
    }
    close(fd);
    return 0;
}

static int add_task(struct event_counter *counter, pid_t tid)
{
    int fd = open_counter(counter->event, tid);
    if (fd == -ESRCH)
        return 0; /* it has ended meanwhile */
    if (fd < 0)
        return fd;
    counter->fds = reallocate(counter->fds, counter->count + 1, sizeof *counter->fds);
    counter->fds[counter->count++] = fd;
    return 0;
}

static int open_all(struct event_counter *counter, enum counted_event event,
                    const struct task_list *tasks)
{
    int error = tasks->count > 0 ? 0 : -ESRCH;
    *counter = (struct event_counter){.event = event};
    for (size_t i = 0; i < tasks->count && error == 0; i++)
        error = add_task(counter, tasks->tasks[i].tid);
    return error;
}

typedef void read_tasks_function(struct task_list *tasks, pid_t root);

static int open_for(struct event_counter *counter, enum counted_event event, pid_t root,
                    read_tasks_function *read_tasks)
{
    struct task_list tasks = {0};
    read_tasks(&tasks, root);
    int error = open_all(counter, event, &tasks);
    /* A task born meanwhile may be counted twice, by its own counter and by its parent's. */
    for (int i = 0; i < TRIES && error == 0; i++) {
        size_t before = task_list_sum_of_ids(&tasks);
        read_tasks(&tasks, root);
        if (task_list_sum_of_ids(&tasks) == before)
            break;
        event_counter_close(counter);
        error = open_all(counter, event, &tasks);
    }
    task_list_release(&tasks);
    return error;
}

int event_counter_open(struct event_counter *counter, enum counted_event event, pid_t root)
{
    return open_for(counter, event, root, task_list_read_tree);
}

int event_counter_open_descendants(struct event_counter *counter, enum counted_event event,
                                   pid_t root)
{
    return open_for(counter, event, root, task_list_read);
}

uint64_t event_counter_read(const struct event_counter *counter)
{
    uint64_t events = 0;
    for (size_t i = 0; i < counter->count; i++) {
        uint64_t value = 0;
        if (read(counter->fds[i], &value, sizeof value) == sizeof value)
            events += value;
    }
    return events;
}

void event_counter_close(struct event_counter *counter)
{
    for (size_t i = 0; i < counter->count; i++)
        close(counter->fds[i]);
    free(counter->fds);
    *counter = (struct event_counter){0};
}
