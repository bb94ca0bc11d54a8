/* The tasks (processes and their threads) below a process: what each one does or sleeps in. */
#ifndef OBSERVE_TASK_H
#define OBSERVE_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct task_files;

struct task {
    pid_t pid;
    pid_t tid;
    char name[16];
    char state;            /* as in /proc/PID/stat: R, S, D, T, Z … */
    int wait_status;       /* of a zombie, as waitpid() would tell it */
    bool is_kernel_worker; /* a helper of io_uring: runs in the kernel, for the process */
    bool is_inspectable;   /* what follows could be read */
    long call;             /* number of the system call it sleeps in; -1: none, it runs */
    uint64_t arguments[6];
    uint64_t
        switches;    /* how often it was given a processor; of one that sleeps, that is its context
                           switches */
    uint64_t cpu_ns; /* processor time so far */
    uint64_t kernel_ns; /* of that, in the kernel; in whole ticks */
    uint64_t delay_ns;  /* time in which it could have run, and had to wait for a processor */
};

struct task_list {
    struct task *tasks;
    size_t count;
    size_t capacity;
    size_t running;     /* those of them that run, want to, or wait for the kernel itself (D) */
    size_t running_max; /* reading ends when there are more; 0: never */
    bool is_partial;    /* reading has ended before the end, or descriptors or memory lacked */
};

/* Reads all tasks of all descendants of `root`, without its own, in the order of the tree.
 * Processes that end meanwhile are left out. */
void task_list_read(struct task_list *list, pid_t root);

/* The same as a look that is repeated: with files that are held open from one to the next. */
void task_list_read_again(struct task_list *list, pid_t root, struct task_files *files);

/* The same as task_list_read() with the tasks of `root` itself, first. */
void task_list_read_tree(struct task_list *list, pid_t root);

/* And as a look that is repeated. */
void task_list_read_tree_again(struct task_list *list, pid_t root, struct task_files *files);

void task_list_release(struct task_list *list);

/* The task with this id, or NULL. */
const struct task *task_list_find(const struct task_list *list, pid_t tid);

/* Changes when a task comes or goes. Not their number: one that comes and one that goes would
 * cancel out. */
size_t task_list_sum_of_ids(const struct task_list *list);

/* By a signal, or by whoever traces it. */
bool task_is_stopped(const struct task *task);

/* Processor time of `root` and its descendants, as far as they are alive; and without its own. */
uint64_t process_tree_cpu_ns(pid_t root);
uint64_t process_descendants_cpu_ns(pid_t root);

/* Of one process; 0 if there is none. */
uint64_t process_cpu_ns(pid_t pid);

#endif
