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

void usage_read(struct usage *usage, pid_t root)
{
    *usage = (struct usage){.cpu_ns = process_tree_cpu_ns(root), .has_memory = true};
    struct task_list tasks = {0};
    task_list_read_tree(&tasks, root);
    for (size_t i = 0; i < tasks.count; i++) {
        add_switches(usage, &tasks.tasks[i]);
        if (tasks.tasks[i].tid == tasks.tasks[i].pid)
            add_memory(usage, tasks.tasks[i].pid);
    }
    task_list_release(&tasks);
}
