/* The files of tasks in /proc, held open from look to look.
 *
 * To find and to open such a file costs the kernel more than to read it. What is held belongs to
 * the task, not to its number: once the task has ended, its files yield ESRCH, and the number may
 * be given to another one, whose files are then opened anew. Only a part of the descriptors that we
 * may have is used; the files of the other tasks are opened each time.
 */
#ifndef OBSERVE_TASK_FILES_H
#define OBSERVE_TASK_FILES_H

#include "observe/proc.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum task_file { TASK_SCHEDSTAT, TASK_SYSCALL, TASK_CHILDREN, TASK_STAT };

/* What stat tells, which is dear. It stays true as long as the task has not run. */
struct task_stat {
    char name[16];
    char state;
    bool is_kernel_worker;
    uint64_t kernel_ns;
    int wait_status;   /* of a zombie */
    uint64_t switches; /* when it was read; 0: never */
    uint64_t cpu_ns;
};

struct task_files;

struct task_files *task_files_new(void);
void task_files_free(struct task_files *files);

/* Reads a file of the task; as proc_read(). `files` may be NULL here and below: then none is
 * held. */
ssize_t task_file_read(struct task_files *files, pid_t pid, pid_t tid, enum task_file which,
                       char *text, size_t text_bytes);

/* Calls `visit` for each task of the process; as proc_each_number(). */
int task_files_each(struct task_files *files, pid_t pid, proc_visit_function *visit, void *context);

/* Where to keep what stat told of the task, until it has ended; NULL without `files`. */
struct task_stat *task_files_stat(struct task_files *files, pid_t pid, pid_t tid);

/* Closes what belongs to tasks that were not asked for since the last time: they have ended. */
void task_files_sweep(struct task_files *files);

/* How many are open now. */
size_t task_files_count(const struct task_files *files);

#endif
