#include "observe/task.h"

#include "base/memory.h"
#include "observe/proc.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*** One task ***/

#define PF_IO_WORKER 0x00000010 /* include/linux/sched.h */

static int read_stat(struct task *task)
{
    char text[1024];
    ssize_t length = proc_read(text, sizeof text, "/proc/%d/task/%d/stat", task->pid, task->tid);
    /* The name stands in parentheses and may contain some itself. */
    const char *open = length > 0 ? strchr(text, '(') : NULL;
    const char *close = length > 0 ? strrchr(text, ')') : NULL;
    if (open == NULL || close == NULL)
        return -ESRCH;
    size_t name_bytes = (size_t)(close - open) - 1;
    if (name_bytes >= sizeof task->name)
        name_bytes = sizeof task->name - 1;
    memcpy(task->name, open + 1, name_bytes);
    unsigned flags = 0;
    unsigned long kernel_ticks = 0;
    if (sscanf(close + 1, " %c %*d %*d %*d %*d %*d %u %*u %*u %*u %*u %*u %lu", &task->state,
               &flags, &kernel_ticks) != 3)
        return -ESRCH;
    task->is_kernel_worker = flags & PF_IO_WORKER;
    task->kernel_ns = kernel_ticks * (1000000000UL / (unsigned long)sysconf(_SC_CLK_TCK));
    return 0;
}

static void read_switches(struct task *task)
{
    char text[4096];
    proc_read(text, sizeof text, "/proc/%d/task/%d/status", task->pid, task->tid);
    task->voluntary_switches = proc_number_after(text, "voluntary_ctxt_switches:");
    task->switches =
        task->voluntary_switches + proc_number_after(text, "nonvoluntary_ctxt_switches:");
    proc_read(text, sizeof text, "/proc/%d/task/%d/schedstat", task->pid, task->tid);
    char *rest = text;
    task->cpu_ns = strtoull(rest, &rest, 10);
    task->delay_ns = strtoull(rest, &rest, 10);
}

static void read_call(struct task *task)
{
    char text[256];
    ssize_t length = proc_read(text, sizeof text, "/proc/%d/task/%d/syscall", task->pid, task->tid);
    task->call = -1;
    task->is_inspectable = length > 0;
    uint64_t *a = task->arguments;
    sscanf(text, "%ld %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64,
           &task->call, &a[0], &a[1], &a[2], &a[3], &a[4], &a[5]);
}

bool task_has_moved(const struct task *task)
{
    struct task now = *task;
    read_call(&now);
    bool same_call =
        now.call == task->call && memcmp(now.arguments, task->arguments, sizeof now.arguments) == 0;
    read_switches(&now);
    return !same_call || now.switches != task->switches;
}

/*** The tree ***/

#define CHILDREN_BYTES_MAX ((size_t)1 << 20) /* of the list of a process: over 100,000 */

struct walk {
    struct task_list *list; /* NULL: only the processor time is wanted */
    pid_t pid;
    uint64_t cpu_ns;
};

static void walk_process(struct walk *walk, pid_t pid, bool include);

/* While thousands of tasks want to run we would hardly get to run ourselves. */
static bool is_overrun(const struct walk *walk)
{
    const struct task_list *list = walk->list;
    return list != NULL && list->running_max > 0 && list->running > list->running_max;
}

static void walk_listed(struct walk *walk, char *children)
{
    char *rest = NULL;
    for (char *word = strtok_r(children, " ", &rest); word != NULL && !is_overrun(walk);
         word = strtok_r(NULL, " ", &rest))
        walk_process(walk, (pid_t)strtol(word, NULL, 10), true);
}

static void walk_children(struct walk *walk, pid_t pid, pid_t tid)
{
    char few[1024];
    ssize_t length = proc_read(few, sizeof few, "/proc/%d/task/%d/children", pid, tid);
    if (length < (ssize_t)sizeof few - 1) {
        walk_listed(walk, few);
        return;
    }
    char *many = allocate(CHILDREN_BYTES_MAX, 1);
    proc_read(many, CHILDREN_BYTES_MAX, "/proc/%d/task/%d/children", pid, tid);
    walk_listed(walk, many);
    free(many);
}

static int visit_task(long tid, void *context)
{
    struct walk *walk = context;
    struct task task = {.pid = walk->pid, .tid = (pid_t)tid};
    if (read_stat(&task) < 0)
        return 0;
    read_switches(&task);
    read_call(&task);
    struct task_list *list = walk->list;
    if (list->count == list->capacity) {
        list->capacity = 2 * list->capacity + 16;
        list->tasks = reallocate(list->tasks, list->capacity, sizeof *list->tasks);
    }
    list->tasks[list->count++] = task;
    list->running += task.state == 'R' || task.state == 'D';
    return is_overrun(walk);
}

static int visit_task_children(long tid, void *context)
{
    struct walk *walk = context;
    walk_children(walk, walk->pid, (pid_t)tid);
    return is_overrun(walk);
}

static void add_cpu(struct walk *walk, pid_t pid)
{
    clockid_t clock = 0;
    struct timespec used = {0};
    if (clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &used) == 0)
        walk->cpu_ns += (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

/* A process may end meanwhile; but a folder that is not read to its end makes the list partial. */
static void note_trouble(struct walk *walk, int result)
{
    if (is_overrun(walk) ||
        (walk->list != NULL && (result == -EMFILE || result == -ENFILE || result == -ENOMEM)))
        walk->list->is_partial = true;
}

static void walk_process(struct walk *walk, pid_t pid, bool include)
{
    char folder[32];
    pid_t parent = walk->pid;
    snprintf(folder, sizeof folder, "/proc/%d/task", pid);
    walk->pid = pid;
    if (include && walk->list != NULL)
        note_trouble(walk, proc_each_number(folder, visit_task, walk));
    if (include && walk->list == NULL)
        add_cpu(walk, pid);
    note_trouble(walk, proc_each_number(folder, visit_task_children, walk));
    walk->pid = parent;
}

static void read_list(struct task_list *list, pid_t root, bool include_root)
{
    list->count = list->running = 0;
    list->is_partial = false;
    struct walk walk = {.list = list};
    walk_process(&walk, root, include_root);
}

void task_list_read(struct task_list *list, pid_t root)
{
    read_list(list, root, false);
}

void task_list_read_tree(struct task_list *list, pid_t root)
{
    read_list(list, root, true);
}

void task_list_release(struct task_list *list)
{
    free(list->tasks);
    *list = (struct task_list){0};
}

const struct task *task_list_find(const struct task_list *list, pid_t tid)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->tasks[i].tid == tid)
            return &list->tasks[i];
    return NULL;
}

uint64_t process_tree_cpu_ns(pid_t root)
{
    struct walk walk = {.list = NULL};
    walk_process(&walk, root, true);
    return walk.cpu_ns;
}
