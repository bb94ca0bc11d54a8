#include "observe/task_files.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* Of the descriptors that we may have; the others are for clients. */
#define HELD_PART 3

/* Of so many tasks stat is held too: it is read only when a task has run, and of many tasks few
 * have. */
#define HELD_IN_FULL 64

enum { FOLDER = TASK_STAT + 1, FILES };

struct held {
    pid_t pid;
    pid_t tid;
    int fds[FILES]; /* -1: not open */
    bool is_asked_for;
    struct task_stat stat;
};

struct task_files {
    struct held *held; /* in the order in which they were first asked for: that of the tree */
    size_t count;
    size_t capacity;
    size_t latest; /* where the one stands that was asked for last */
    size_t open_count;
    size_t open_max;
};

struct task_files *task_files_new(void)
{
    struct task_files *files = allocate(1, sizeof *files);
    struct rlimit limit = {0};
    getrlimit(RLIMIT_NOFILE, &limit);
    files->open_max = (size_t)limit.rlim_cur / HELD_PART;
    return files;
}

/* Forgets what the number stood for. */
static void let_go(struct task_files *files, struct held *held)
{
    for (size_t i = 0; i < FILES; i++)
        if (held->fds[i] >= 0) {
            close(held->fds[i]);
            held->fds[i] = -1;
            files->open_count--;
        }
    held->stat = (struct task_stat){0};
}

void task_files_free(struct task_files *files)
{
    if (files == NULL)
        return;
    for (size_t i = 0; i < files->count; i++)
        let_go(files, &files->held[i]);
    free(files->held);
    free(files);
}

void task_files_sweep(struct task_files *files)
{
    if (files == NULL)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < files->count; i++) {
        struct held *held = &files->held[i];
        if (!held->is_asked_for) {
            let_go(files, held);
            continue;
        }
        held->is_asked_for = false;
        files->held[kept++] = *held;
    }
    files->count = kept;
    files->latest = 0;
}

size_t task_files_count(const struct task_files *files)
{
    return files->open_count;
}

static struct held *add(struct task_files *files, pid_t pid, pid_t tid)
{
    if (files->count == files->capacity) {
        files->capacity = 2 * files->capacity + 16;
        files->held = reallocate(files->held, files->capacity, sizeof *files->held);
    }
    struct held *held = &files->held[files->count++];
    *held = (struct held){.pid = pid, .tid = tid};
    for (size_t i = 0; i < FILES; i++)
        held->fds[i] = -1;
    return held;
}

/* Tasks are asked for in the same order each time, so the next one is nearly always the one after
 * the latest. */
static struct held *find(struct task_files *files, pid_t pid, pid_t tid)
{
    struct held *held = NULL;
    for (size_t i = 0; i < files->count && held == NULL; i++) {
        struct held *next = &files->held[(files->latest + i) % files->count];
        if (next->tid == tid && next->pid == pid)
            held = next;
    }
    if (held == NULL)
        held = add(files, pid, tid);
    files->latest = (size_t)(held - files->held);
    held->is_asked_for = true;
    return held;
}

static const char *const names[FILES] = {
    [TASK_SCHEDSTAT] = "/schedstat",
    [TASK_SYSCALL] = "/syscall",
    [TASK_CHILDREN] = "/children",
    [TASK_STAT] = "/stat",
    [FOLDER] = "",
};

/* The descriptor, opened now if need be; -errno; or -EMFILE: it is not to be held. */
static int hold(struct task_files *files, struct held *held, int which)
{
    char path[64];
    if (held->fds[which] >= 0)
        return held->fds[which];
    if (files->open_count >= files->open_max ||
        (which == TASK_STAT && files->latest >= HELD_IN_FULL))
        return -EMFILE;
    if (which == FOLDER)
        snprintf(path, sizeof path, "/proc/%d/task", held->pid);
    else
        snprintf(path, sizeof path, "/proc/%d/task/%d%s", held->pid, held->tid, names[which]);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    held->fds[which] = fd;
    files->open_count++;
    return fd;
}

/* A shorter piece is the last one: the kernel gives a long list page by page. */
#define PIECE_BYTES 2048

static ssize_t read_again(int fd, char *text, size_t text_bytes)
{
    size_t length = 0;
    ssize_t count = 0;
    do {
        count = pread(fd, text + length, text_bytes - 1 - length, (off_t)length);
        length += count > 0 ? (size_t)count : 0;
    } while (count >= PIECE_BYTES && length + 1 < text_bytes);
    text[length] = '\0';
    return count < 0 ? -errno : (ssize_t)length;
}

ssize_t task_file_read(struct task_files *files, pid_t pid, pid_t tid, enum task_file which,
                       char *text, size_t text_bytes)
{
    if (files != NULL) {
        struct held *held = find(files, pid, tid);
        int fd = hold(files, held, (int)which);
        ssize_t length = fd < 0 ? fd : read_again(fd, text, text_bytes);
        if (length == -ESRCH) /* its number may be another's by now */
            let_go(files, held);
        else if (fd >= 0)
            return length;
    }
    return proc_read(text, text_bytes, "/proc/%d/task/%d%s", pid, tid, names[which]);
}

int task_files_each(struct task_files *files, pid_t pid, proc_visit_function *visit, void *context)
{
    char folder[32];
    int fd = files != NULL ? hold(files, find(files, pid, pid), FOLDER) : -EMFILE;
    int result = fd < 0 ? fd : proc_each_number_of(fd, visit, context);
    if (result != -ENOENT && fd >= 0)
        return result;
    snprintf(folder, sizeof folder, "/proc/%d/task", pid);
    return proc_each_number(folder, visit, context);
}

struct task_stat *task_files_stat(struct task_files *files, pid_t pid, pid_t tid)
{
    return files != NULL ? &find(files, pid, tid)->stat : NULL;
}
