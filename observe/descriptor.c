#include "observe/descriptor.h"

#include "observe/proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned descriptor_socket_inode(int task, int fd)
{
    char target[64];
    unsigned inode = 0;
    proc_read_link(target, sizeof target, "/proc/%d/fd/%d", task, fd);
    return sscanf(target, "socket:[%u]", &inode) == 1 ? inode : 0;
}

struct search {
    int task;
    unsigned inode;
};

/* Answers fd + 1, because 0 means "go on". */
static int match_descriptor(long fd, void *context)
{
    const struct search *search = context;
    return descriptor_socket_inode(search->task, (int)fd) == search->inode ? (int)fd + 1 : 0;
}

int process_descriptor_of_socket(int task, unsigned inode)
{
    char folder[32];
    struct search search = {.task = task, .inode = inode};
    if (inode == 0)
        return -1; /* what a descriptor that is no socket would match */
    snprintf(folder, sizeof folder, "/proc/%d/fd", task);
    int found = proc_each_number(folder, match_descriptor, &search);
    return found > 0 ? found - 1 : -1;
}

uint32_t epoll_events_of(int task, int epoll_fd, int fd)
{
    char text[16384];
    proc_read(text, sizeof text, "/proc/%d/fdinfo/%d", task, epoll_fd);
    for (const char *line = strstr(text, "tfd:"); line != NULL; line = strstr(line, "tfd:")) {
        line += strlen("tfd:");
        const char *events = strstr(line, "events:");
        if (events != NULL && strtol(line, NULL, 10) == fd)
            return (uint32_t)strtoul(events + strlen("events:"), NULL, 16);
    }
    return 0;
}

const char *process_program(int task, char name[PROGRAM_NAME_BYTES])
{
    char path[4096];
    proc_read_link(path, sizeof path, "/proc/%d/exe", task);
    const char *last = strrchr(path, '/');
    snprintf(name, PROGRAM_NAME_BYTES, "%s", last != NULL ? last + 1 : "");
    return name;
}

static int find_socket(long fd, void *task)
{
    return descriptor_socket_inode(*(int *)task, (int)fd) != 0;
}

bool process_has_socket(int task)
{
    char folder[32];
    snprintf(folder, sizeof folder, "/proc/%d/fd", task);
    return proc_each_number(folder, find_socket, &task) > 0;
}

static int count_descriptor(long fd, void *count)
{
    (void)fd;
    ++*(size_t *)count;
    return 0;
}

size_t process_descriptor_count(int task)
{
    char folder[32];
    size_t count = 0;
    snprintf(folder, sizeof folder, "/proc/%d/fd", task);
    proc_each_number(folder, count_descriptor, &count);
    return count;
}
