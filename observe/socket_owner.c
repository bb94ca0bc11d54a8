#include "observe/socket_owner.h"

#include "observe/descriptor.h"
#include "observe/proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct search {
    struct socket_owner *owners;
    size_t count;
    size_t missing;
    bool is_blind; /* a process could not be looked into */
};

static bool note_socket(int task, unsigned inode, void *context)
{
    struct search *search = context;
    for (size_t i = 0; i < search->count; i++)
        if (search->owners[i].inode == inode && search->owners[i].pid == 0) {
            search->owners[i].pid = task;
            search->missing--;
        }
    return search->missing == 0;
}

static int visit_process(long pid, void *context)
{
    struct search *search = context;
    char folder[32];
    size_t left = DESCRIPTORS_SEARCHED_MAX;
    snprintf(folder, sizeof folder, "/proc/%ld/fd", pid);
    if (access(folder, R_OK | X_OK) < 0)
        search->is_blind = true;
    return process_each_socket((int)pid, &left, note_socket, search);
}

bool socket_owners_find(struct socket_owner *owners, size_t count)
{
    struct search search = {.owners = owners, .count = count, .missing = count};
    for (size_t i = 0; i < count; i++)
        owners[i].pid = 0;
    if (count > 0)
        proc_each_number("/proc", visit_process, &search);
    return !search.is_blind;
}

pid_t process_parent(pid_t pid)
{
    char text[1024];
    if (proc_read(text, sizeof text, "/proc/%d/stat", pid) <= 0)
        return 0;
    const char *close = strrchr(text, ')'); /* proc_pid_stat(5): then the state, and the parent */
    return close != NULL && strlen(close) > 4 ? (pid_t)strtol(close + 4, NULL, 10) : 0;
}

pid_t socket_owner_topmost(pid_t pid, unsigned inode)
{
    for (pid_t parent = process_parent(pid); parent > 1; parent = process_parent(parent)) {
        if (process_descriptor_of_socket(parent, inode) < 0)
            break;
        pid = parent;
    }
    return pid;
}
