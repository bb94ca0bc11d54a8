#include "observe/usage.h"

#include "observe/proc.h"
#include "observe/task.h"

#include <stdio.h>

static void add_memory(struct usage *usage, pid_t pid)
{
    char text[4096];
    ssize_t length = proc_read(text, sizeof text, "/proc/%d/smaps_rollup", pid);
    usage->has_memory &= length > 0;
    usage->memory_bytes +=
        1024 * (proc_number_after(text, "Pss_Anon:") + proc_number_after(text, "Pss_Shmem:"));
}

/* Both as the kernel counts them: the time slices of struct task are one more while a task runs. */
static void add_switches(struct usage *usage, const struct task *task)
{
    char text[4096];
    if (proc_read(text, sizeof text, "/proc/%d/task/%d/status", task->pid, task->tid) <= 0)
        return;
    uint64_t voluntary = proc_number_after(text, "voluntary_ctxt_switches:");
    usage->voluntary_switches += voluntary;
    usage->switches += voluntary + proc_number_after(text, "nonvoluntary_ctxt_switches:");
}

static void add_up(struct usage *usage, const struct task_list *tasks)
{
    usage->has_memory = true;
    for (size_t i = 0; i < tasks->count; i++) {
        add_switches(usage, &tasks->tasks[i]);
        if (tasks->tasks[i].tid == tasks->tasks[i].pid)
            add_memory(usage, tasks->tasks[i].pid);
    }
}

void usage_read(struct usage *usage, pid_t root)
{
    struct task_list tasks = {0};
    *usage = (struct usage){.cpu_ns = process_tree_cpu_ns(root)};
    task_list_read_tree(&tasks, root);
    add_up(usage, &tasks);
    task_list_release(&tasks);
}

void usage_read_descendants(struct usage *usage, pid_t root)
{
    struct task_list tasks = {0};
    *usage = (struct usage){.cpu_ns = process_descendants_cpu_ns(root)};
    task_list_read(&tasks, root);
    add_up(usage, &tasks);
    task_list_release(&tasks);
}
