#include "grader/arena/limit_group.h"

#include "base/descriptor_passing.h"
#include "observe/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT "/sys/fs/cgroup"

/* A longer path is not used. */
#define OWN_BYTES 384

/*** Files ***/

static bool write_number(const char *folder, const char *name, int64_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, number);
    return proc_write(text, "%s/%s", folder, name) == 0;
}

/* The number after `key` in this file; 0 without one. */
static uint64_t read_number(int fd, const char *key)
{
    char text[4096];
    ssize_t length = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    return proc_number_after(text, key);
}

/*** Where ***/

/* Our own group, from the line of /proc/self/cgroup with `controllers`; false without one. */
static bool find_own(const char *controllers, char path[OWN_BYTES])
{
    char text[4096];
    char key[64];
    if (proc_read(text, sizeof text, "/proc/self/cgroup") < 0)
        return false;
    snprintf(key, sizeof key, ":%s:", controllers);
    char *line = strstr(text, key);
    if (line == NULL)
        return false;
    line += strlen(key);
    line[strcspn(line, "\n")] = '\0';
    if (strlen(line) >= OWN_BYTES)
        return false;
    snprintf(path, OWN_BYTES, "%s", strcmp(line, "/") == 0 ? "" : line);
    return true;
}

/* Removes what a killed proctor has left below `base`; the kernel keeps groups that are in use. */
/* Milliseconds: for a moment after the last of its processes has ended, a group is busy. */
#define BUSY_TRIES 1000

static void remove_folder(int base_fd, const char *name, int tries)
{
    while (unlinkat(base_fd, name, AT_REMOVEDIR) < 0 && errno == EBUSY && --tries > 0)
        poll(NULL, 0, 1);
}

static void sweep(const char *base, int tries)
{
    DIR *folder = opendir(base);
    for (struct dirent *entry = NULL; folder != NULL && (entry = readdir(folder)) != NULL;) {
        int pid = 0;
        if (sscanf(entry->d_name, "proctor-%d-", &pid) == 1 && kill(pid, 0) < 0 && errno == ESRCH)
            remove_folder(dirfd(folder), entry->d_name, tries);
    }
    if (folder != NULL)
        closedir(folder);
}

static void sweep_below(const char *hierarchy, const char *own)
{
    char base[OWN_BYTES + 32];
    snprintf(base, sizeof base, ROOT "%s%s", hierarchy, own);
    sweep(base, BUSY_TRIES);
}

/* A new folder below our own in this hierarchy, if it can be made and has a file of this name. */
static bool make_folder(struct limit_group *group, const char *hierarchy, const char *own,
                        const char *file)
{
    static atomic_uint made;
    char *folder = group->folders[group->count];
    char base[OWN_BYTES + 32];
    char path[LIMIT_GROUP_PATH_BYTES + 64];
    snprintf(base, sizeof base, ROOT "%s%s", hierarchy, own);
    snprintf(folder, LIMIT_GROUP_PATH_BYTES, "%s/proctor-%d-%u", base, (int)getpid(), made++);
    sweep(base, 1);
    if (mkdir(folder, 0755) < 0)
        return false;
    snprintf(path, sizeof path, "%s/%s", folder, file);
    bool has_controller = access(path, W_OK) == 0;
    snprintf(path, sizeof path, "%s/cgroup.procs", folder);
    int entrance = has_controller ? open(path, O_WRONLY | O_CLOEXEC) : -1;
    if (entrance < 0) {
        rmdir(folder);
        return false;
    }
    group->entrances[group->count++] = entrance;
    return true;
}

/*** Opening ***/

#define PROCESSES_AT_FIRST   512 /* more than the threads of any runtime */
#define PROCESSES_PER_CLIENT 2

static int64_t processes_for(const struct limits *limits, size_t clients)
{
    int64_t needed = PROCESSES_AT_FIRST + PROCESSES_PER_CLIENT * (int64_t)clients;
    return needed < limits->processes ? needed : limits->processes;
}

/* Of version 1 or 2; where one cannot be written, the other is there. */
static bool set_memory(const struct limit_group *group, size_t i, int64_t bytes)
{
    return write_number(group->folders[i], "memory.max", bytes) ||
           write_number(group->folders[i], "memory.limit_in_bytes", bytes);
}

static bool set_processes(const struct limit_group *group, size_t i, int64_t processes)
{
    return write_number(group->folders[i], "pids.max", processes);
}

/* Of version 1: what TCP and UDP keep is not in its sum, and is only counted once it has a limit of
 * its own. Here the kernel holds it to as much again; limit_group_reached() adds both up. */
static void set_socket_memory(const struct limit_group *group, size_t i, int64_t bytes)
{
    write_number(group->folders[i], "memory.kmem.tcp.limit_in_bytes", bytes);
}

void limit_group_allow(struct limit_group *group, const struct limits *limits, size_t clients)
{
    if (clients <= group->clients) /* what served more before may still be there */
        return;
    group->clients = clients;
    group->limits = limits_for(limits, clients);
    for (size_t i = 0; i < group->count; i++) {
        set_processes(group, i, processes_for(limits, clients));
        set_memory(group, i, group->limits.memory_bytes);
        set_socket_memory(group, i, group->limits.memory_bytes);
    }
}

static int open_events(const struct limit_group *group, const char *file)
{
    char path[LIMIT_GROUP_PATH_BYTES + 64];
    snprintf(path, sizeof path, "%s/%s", group->folders[group->count - 1], file);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* Both limit the group that was made last. */
static void limit_memory(struct limit_group *group, const char *events)
{
    group->has_memory = set_memory(group, group->count - 1, group->limits.memory_bytes);
    group->memory_events_fd = open_events(group, events);
}

static void limit_processes(struct limit_group *group)
{
    group->has_processes = set_processes(group, group->count - 1, processes_for(&group->limits, 0));
    group->process_events_fd = open_events(group, "pids.events");
}

static void open_version_1(struct limit_group *group)
{
    char own[OWN_BYTES];
    if (find_own("memory", own) && make_folder(group, "/memory", own, "memory.limit_in_bytes")) {
        limit_memory(group, "memory.oom_control");
        set_socket_memory(group, group->count - 1, group->limits.memory_bytes);
        group->memory_used_fd = open_events(group, "memory.stat");
        group->sockets_used_fd = open_events(group, "memory.kmem.tcp.usage_in_bytes");
    }
    if (find_own("pids", own) && make_folder(group, "/pids", own, "pids.max"))
        limit_processes(group);
    /* In a group of its own it gets as much processor time as we do, however many tasks it has. */
    if (find_own("cpu", own) || find_own("cpu,cpuacct", own))
        make_folder(group, "/cpu", own, "cpu.shares");
    if (find_own("cpu,cpuacct", own))
        group->cpu_used_fd = open_events(group, "cpuacct.usage");
    else if (find_own("cpuacct", own) && make_folder(group, "/cpuacct", own, "cpuacct.usage"))
        group->cpu_used_fd = open_events(group, "cpuacct.usage");
}

/* A group with processes cannot have groups below it, so the new one is a sibling of our own. */
static bool find_parent(char path[OWN_BYTES])
{
    if (!find_own("", path)) /* "0::/…" */
        return false;
    char *last = strrchr(path, '/');
    if (last != NULL)
        *last = '\0';
    return true;
}

static void open_version_2(struct limit_group *group)
{
    char own[OWN_BYTES];
    if (!find_parent(own) || !make_folder(group, "", own, "pids.max"))
        return;
    limit_processes(group);
    limit_memory(group, "memory.events");
    group->cpu_used_fd = open_events(group, "cpu.stat");
    write_number(group->folders[0], "memory.swap.max", 0);
    write_number(group->folders[0], "memory.oom.group", 1);
}

void limit_group_open(struct limit_group *group, const struct limits *limits)
{
    *group = (struct limit_group){
        .memory_events_fd = -1,
        .process_events_fd = -1,
        .memory_used_fd = -1,
        .sockets_used_fd = -1,
        .cpu_used_fd = -1,
        .limits = *limits,
    };
    open_version_1(group);
    if (group->count == 0)
        open_version_2(group);
}

int limit_group_enter(const struct limit_group *group)
{
    int error = 0;
    for (size_t i = 0; i < group->count; i++)
        if (write(group->entrances[i], "0", 1) != 1)
            error = -errno;
    return error;
}

/*** Meanwhile ***/

/* To ask for the rest lets the kernel add up the counters of all processors, at each look: that was
 * several percent of a grading. So few of their bytes are allowed on top. */
#define SOCKETS_SPARED_BYTES ((uint64_t)64 << 20)

/* Without what the kernel could give back at once, which may fill all that is allowed. */
static bool has_used_up_with_sockets(const struct limit_group *group)
{
    uint64_t sockets = read_number(group->sockets_used_fd, "");
    if (sockets < SOCKETS_SPARED_BYTES)
        return false;
    return sockets + read_number(group->memory_used_fd, "total_rss ") +
               read_number(group->memory_used_fd, "total_shmem ") >
           (uint64_t)group->limits.memory_bytes;
}

uint64_t limit_group_cpu_ns(const struct limit_group *group)
{
    uint64_t us = read_number(group->cpu_used_fd, "usage_usec ");
    return us > 0 ? us * 1000 : read_number(group->cpu_used_fd, "");
}

enum limit limit_group_reached(const struct limit_group *group)
{
    if (group->has_memory &&
        (read_number(group->memory_events_fd, "oom_kill ") > 0 || has_used_up_with_sockets(group)))
        return LIMIT_MEMORY;
    if (group->has_processes && read_number(group->process_events_fd, "max ") > 0)
        return LIMIT_PROCESSES;
    return LIMIT_NONE;
}

/*** The end ***/

void limit_group_sweep(void)
{
    static const char *const controllers[][2] = {{"memory", "/memory"},
                                                 {"pids", "/pids"},
                                                 {"cpu", "/cpu"},
                                                 {"cpu,cpuacct", "/cpu"},
                                                 {"cpuacct", "/cpuacct"}};
    char own[OWN_BYTES];
    for (size_t i = 0; i < sizeof controllers / sizeof controllers[0]; i++)
        if (find_own(controllers[i][0], own))
            sweep_below(controllers[i][1], own);
    if (find_parent(own))
        sweep_below("", own);
}

void limit_group_close(struct limit_group *group)
{
    int *const files[] = {&group->memory_events_fd, &group->process_events_fd,
                          &group->memory_used_fd, &group->sockets_used_fd, &group->cpu_used_fd};
    for (size_t i = 0; i < sizeof files / sizeof files[0] && group->count > 0; i++)
        descriptor_close(files[i]);
    for (size_t i = 0; i < group->count; i++) {
        close(group->entrances[i]);
        remove_folder(AT_FDCWD, group->folders[i], BUSY_TRIES);
    }
    group->count = 0;
}
