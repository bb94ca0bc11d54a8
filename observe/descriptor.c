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

static int each_descriptor(int task, proc_visit_function *visit, void *context)
{
    char folder[32];
    snprintf(folder, sizeof folder, "/proc/%d/fd", task);
    return proc_each_number(folder, visit, context);
}

struct search {
    int task;
    unsigned inode;
};

/* Answers fd + 1, because 0 means "go on". */
static int match_socket(long fd, void *context)
{
    const struct search *search = context;
    unsigned inode = descriptor_socket_inode(search->task, (int)fd);
    return search->inode == inode ? (int)fd + 1 : 0;
}

int process_descriptor_of_socket(int task, unsigned inode)
{
    struct search search = {.task = task, .inode = inode};
    int found = inode != 0 ? each_descriptor(task, match_socket, &search) : 0;
    return found > 0 ? found - 1 : -1;
}

struct walk {
    int task;
    size_t *left;
    socket_visit_function *visit;
    void *context;
};

enum { WALK_ON, WALK_FOUND, WALK_TIRED };

static int visit_socket(long fd, void *context)
{
    const struct walk *walk = context;
    if (*walk->left == 0)
        return WALK_TIRED;
    --*walk->left;
    unsigned inode = descriptor_socket_inode(walk->task, (int)fd);
    return inode != 0 && walk->visit(walk->task, inode, walk->context) ? WALK_FOUND : WALK_ON;
}

bool process_each_socket(int task, size_t *left, socket_visit_function *visit, void *context)
{
    struct walk walk = {.task = task, .left = left, .visit = visit, .context = context};
    return each_descriptor(task, visit_socket, &walk) == WALK_FOUND;
}

static int count_down(long fd, void *left)
{
    (void)fd;
    return --*(size_t *)left == 0;
}

size_t process_descriptor_count(int task, size_t most)
{
    size_t left = most;
    if (most > 0)
        each_descriptor(task, count_down, &left);
    return most - left;
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

struct epoll_search {
    int task;
    int fd;
    uint32_t events;
};

static int find_in_epoll_set(long epoll_fd, void *context)
{
    struct epoll_search *search = context;
    char target[64];
    proc_read_link(target, sizeof target, "/proc/%d/fd/%ld", search->task, epoll_fd);
    if (strcmp(target, "anon_inode:[eventpoll]") == 0)
        search->events = epoll_events_of(search->task, (int)epoll_fd, search->fd);
    return search->events != 0;
}

uint32_t process_epoll_events_of(int task, int fd)
{
    struct epoll_search search = {.task = task, .fd = fd};
    if (fd >= 0)
        each_descriptor(task, find_in_epoll_set, &search);
    return search.events;
}

/* proc(5) gives what is left as "it_value: (SECONDS, NANOSECONDS)". */
int64_t descriptor_timer_left_ns(int task, int fd)
{
    char text[1024];
    long long seconds = 0;
    long nanoseconds = 0;
    proc_read_link(text, sizeof text, "/proc/%d/fd/%d", task, fd);
    if (strcmp(text, "anon_inode:[timerfd]") != 0)
        return -1;
    proc_read(text, sizeof text, "/proc/%d/fdinfo/%d", task, fd);
    const char *left = strstr(text, "it_value:");
    if (left == NULL || sscanf(left, "it_value: (%lld, %ld)", &seconds, &nanoseconds) != 2 ||
        (seconds == 0 && nanoseconds == 0))
        return -1;
    return seconds * 1000000000LL + nanoseconds;
}

const char *process_program(int task, char name[PROGRAM_NAME_BYTES])
{
    char path[4096];
    proc_read_link(path, sizeof path, "/proc/%d/exe", task);
    const char *last = strrchr(path, '/');
    snprintf(name, PROGRAM_NAME_BYTES, "%s", last != NULL ? last + 1 : "");
    return name;
}
