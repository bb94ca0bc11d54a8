#include "observe/task.h"

#include "base/memory.h"
#include "observe/proc.h"
#include "observe/task_files.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*** One task ***/

#define PF_IO_WORKER 0x00000010 /* include/linux/sched.h */

/* Passes over so many words. */
static const char *after_words(const char *text, int words)
{
    for (; words > 0; words--) {
        text += strspn(text, " ");
        text += strcspn(text, " ");
    }
    return text;
}

static int parse_stat(struct task_stat *stat, const char *text)
{
    /* The name stands in parentheses and may contain some itself. */
    const char *open = strchr(text, '(');
    const char *close = strrchr(text, ')');
    if (open == NULL || close == NULL || close[1] == '\0' || close[2] == '\0')
        return -ESRCH;
    size_t name_bytes = (size_t)(close - open) - 1;
    if (name_bytes >= sizeof stat->name)
        name_bytes = sizeof stat->name - 1;
    memset(stat->name, 0, sizeof stat->name);
    memcpy(stat->name, open + 1, name_bytes);
    stat->state = close[2];
    const char *flags = after_words(close + 1, 6); /* proc_pid_stat(5): 3 is the state, 9 these, */
    const char *kernel_ticks = after_words(flags, 6); /* and 15 these */
    stat->is_kernel_worker = strtoul(flags, NULL, 10) & PF_IO_WORKER;
    const char *exit_code = after_words(kernel_ticks, 37); /* and 52 this, the last */
    stat->kernel_ns =
        strtoull(kernel_ticks, NULL, 10) * (1000000000UL / (unsigned long)sysconf(_SC_CLK_TCK));
    stat->wait_status = (int)strtol(exit_code, NULL, 10);
    return 0;
}

/* Its time slices are its switches, and cost a tenth of those in status. Without them (a kernel
 * that keeps no such statistics) or before the first one, status is asked. */
static void read_switches(struct task *task, struct task_files *files)
{
    char text[4096];
    char *rest = text;
    task_file_read(files, task->pid, task->tid, TASK_SCHEDSTAT, text, sizeof text);
    task->cpu_ns = strtoull(rest, &rest, 10);
    task->delay_ns = strtoull(rest, &rest, 10);
    task->switches = strtoull(rest, &rest, 10);
    if (task->switches == 0 &&
        proc_read(text, sizeof text, "/proc/%d/task/%d/status", task->pid, task->tid) > 0)
        task->switches = proc_number_after(text, "voluntary_ctxt_switches:") +
                         proc_number_after(text, "nonvoluntary_ctxt_switches:");
}

/* True if the kernel says that it sleeps. */
static bool read_call(struct task *task, struct task_files *files)
{
    char text[256];
    char *rest = text;
    ssize_t length = task_file_read(files, task->pid, task->tid, TASK_SYSCALL, text, sizeof text);
    task->is_inspectable = length > 0;
    bool is_asleep = length > 0 && (isdigit((unsigned char)text[0]) || text[0] == '-');
    task->call = is_asleep ? strtol(text, &rest, 10) : -1;
    for (size_t i = 0; i < sizeof task->arguments / sizeof task->arguments[0]; i++)
        task->arguments[i] = is_asleep ? strtoull(rest, &rest, 16) : 0;
    return is_asleep;
}

/* A state changes only by what the task does itself, but for its being woken up. So what stat told
 * is still true of a task that has not run since, and sleeps. */
static bool is_as_before(const struct task *task, const struct task_stat *before)
{
    return before->switches != 0 && before->switches == task->switches &&
           before->cpu_ns == task->cpu_ns && before->state != 'R';
}

/* After the other files, whose task may run meanwhile: what they told is then too old, not this. */
static int read_stat(struct task *task, bool is_asleep, struct task_files *files)
{
    char text[1024];
    struct task_stat now = {0};
    struct task_stat *known = task_files_stat(files, task->pid, task->tid);
    if (known != NULL && is_asleep && is_as_before(task, known)) {
        now = *known;
    } else if (task_file_read(files, task->pid, task->tid, TASK_STAT, text, sizeof text) <= 0 ||
               parse_stat(&now, text) < 0) {
        return -ESRCH;
    }
    now.switches = task->switches;
    now.cpu_ns = task->cpu_ns;
    if (known != NULL)
        *known = now;
    memcpy(task->name, now.name, sizeof task->name);
    task->state = now.state;
    task->wait_status = now.wait_status;
    task->is_kernel_worker = now.is_kernel_worker;
    task->kernel_ns = now.kernel_ns;
    return 0;
}

static int read_task(struct task *task, struct task_files *files)
{
    read_switches(task, files);
    bool is_asleep = read_call(task, files);
    return read_stat(task, is_asleep, files);
}

/*** The tree ***/

#define CHILDREN_BYTES_MAX ((size_t)1 << 20) /* of the list of a process: over 100,000 */

struct walk {
    struct task_list *list;
    struct task_files *files; /* or NULL */
    pid_t pid;
    pid_t unread; /* of this process only the numbers are wanted */
    bool reads_none;
};

static void walk_process(struct walk *walk, pid_t pid);

/* While thousands of tasks want to run we would hardly get to run ourselves. */
static bool is_overrun(const struct walk *walk)
{
    const struct task_list *list = walk->list;
    return list->running_max > 0 && list->running > list->running_max;
}

static void walk_listed(struct walk *walk, char *children)
{
    char *rest = NULL;
    for (char *word = strtok_r(children, " ", &rest); word != NULL && !is_overrun(walk);
         word = strtok_r(NULL, " ", &rest))
        walk_process(walk, (pid_t)strtol(word, NULL, 10));
}

static void walk_children(struct walk *walk, pid_t pid, pid_t tid)
{
    char few[1024];
    ssize_t length = task_file_read(walk->files, pid, tid, TASK_CHILDREN, few, sizeof few);
    if (length < (ssize_t)sizeof few - 1) {
        walk_listed(walk, few);
        return;
    }
    char *many = allocate(CHILDREN_BYTES_MAX, 1);
    task_file_read(walk->files, pid, tid, TASK_CHILDREN, many, CHILDREN_BYTES_MAX);
    walk_listed(walk, many);
    free(many);
}

static int visit_task(long tid, void *context)
{
    struct walk *walk = context;
    struct task task = {.pid = walk->pid, .tid = (pid_t)tid};
    bool is_read = !walk->reads_none && walk->pid != walk->unread;
    if (is_read && read_task(&task, walk->files) < 0)
        return 0;
    struct task_list *list = walk->list;
    if (list->count == list->capacity) {
        list->capacity = 2 * list->capacity + 16;
        list->tasks = reallocate(list->tasks, list->capacity, sizeof *list->tasks);
    }
    list->tasks[list->count++] = task;
    list->running += task.state == 'R' || task.state == 'D';
    return is_overrun(walk);
}

/* A process may end meanwhile; but a folder that is not read to its end makes the list partial. */
static void note_trouble(struct walk *walk, int result)
{
    if (is_overrun(walk) || result == -EMFILE || result == -ENFILE || result == -ENOMEM)
        walk->list->is_partial = true;
}

static void walk_process(struct walk *walk, pid_t pid)
{
    size_t first = walk->list->count;
    walk->pid = pid;
    note_trouble(walk, task_files_each(walk->files, pid, visit_task, walk));
    size_t end = walk->list->count;
    for (size_t i = first; i < end && !is_overrun(walk); i++)
        walk_children(walk, pid, walk->list->tasks[i].tid);
    note_trouble(walk, 0);
}

static void read_list(struct walk *walk, pid_t root)
{
    walk->list->count = walk->list->running = 0;
    walk->list->is_partial = false;
    walk_process(walk, root);
}

/* Those of the root come first. */
static void leave_out(struct task_list *list, pid_t root)
{
    size_t of_root = 0;
    while (of_root < list->count && list->tasks[of_root].pid == root)
        of_root++;
    list->count -= of_root;
    memmove(list->tasks, list->tasks + of_root, list->count * sizeof *list->tasks);
}

void task_list_read_again(struct task_list *list, pid_t root, struct task_files *files)
{
    struct walk walk = {.list = list, .files = files, .unread = root};
    read_list(&walk, root);
    leave_out(list, root);
    if (!list->is_partial)
        task_files_sweep(files);
}

void task_list_read(struct task_list *list, pid_t root)
{
    task_list_read_again(list, root, NULL);
}

void task_list_read_tree_again(struct task_list *list, pid_t root, struct task_files *files)
{
    struct walk walk = {.list = list, .files = files};
    read_list(&walk, root);
    if (!list->is_partial)
        task_files_sweep(files);
}

void task_list_read_tree(struct task_list *list, pid_t root)
{
    task_list_read_tree_again(list, root, NULL);
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

size_t task_list_sum_of_ids(const struct task_list *list)
{
    size_t sum = 0;
    for (size_t i = 0; i < list->count; i++)
        sum += (size_t)list->tasks[i].tid;
    return sum;
}

bool task_is_stopped(const struct task *task)
{
    return task->state == 'T' || task->state == 't';
}

uint64_t process_cpu_ns(pid_t pid)
{
    clockid_t clock = 0;
    struct timespec used = {0};
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) < 0)
        return 0;
    return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

static uint64_t sum_up_cpu_ns(pid_t root, pid_t left_out)
{
    struct task_list list = {0};
    struct walk walk = {.list = &list, .reads_none = true};
    uint64_t cpu_ns = 0;
    read_list(&walk, root);
    for (size_t i = 0; i < list.count; i++)
        if (list.tasks[i].tid == list.tasks[i].pid && list.tasks[i].pid != left_out)
            cpu_ns += process_cpu_ns(list.tasks[i].pid);
    task_list_release(&list);
    return cpu_ns;
}

uint64_t process_tree_cpu_ns(pid_t root)
{
    return sum_up_cpu_ns(root, 0);
}

uint64_t process_descendants_cpu_ns(pid_t root)
{
    return sum_up_cpu_ns(root, root);
}
