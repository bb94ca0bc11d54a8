#include "grader/arena/limit_group.h"

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

/* The number after `key` in this file; 0 without such a file. */
static uint64_t read_number(const char *folder, const char *name, const char *key)
{
    char text[1024];
    return proc_read(text, sizeof text, "%s/%s", folder, name) < 0 ? 0
                                                                   : proc_number_after(text, key);
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
static void sweep(const char *base)
{
    DIR *folder = opendir(base);
    for (struct dirent *entry = NULL; folder != NULL && (entry = readdir(folder)) != NULL;) {
        int pid = 0;
        if (sscanf(entry->d_name, "proctor-%d-", &pid) == 1 && kill(pid, 0) < 0 && errno == ESRCH)
            unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
    }
    if (folder != NULL)
        closedir(folder);
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
    sweep(base);
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

void limit_group_allow(struct limit_group *group, const struct limits *limits, size_t clients)
{
    if (clients <= group->clients) /* what served more before may still be there */
        return;
    group->clients = clients;
    for (size_t i = 0; i < group->count && group->has_processes; i++)
        write_number(group->folders[i], "pids.max", processes_for(limits, clients));
}

/* Limits the group that was made last. */
static bool limit_newest(const struct limit_group *group, const char *file, int64_t number)
{
    return write_number(group->folders[group->count - 1], file, number);
}

static void open_version_1(struct limit_group *group, const struct limits *limits)
{
    char own[OWN_BYTES];
    group->has_memory = find_own("memory", own) &&
                        make_folder(group, "/memory", own, "memory.limit_in_bytes") &&
                        limit_newest(group, "memory.limit_in_bytes", limits->memory_bytes);
    group->has_processes = find_own("pids", own) && make_folder(group, "/pids", own, "pids.max") &&
                           limit_newest(group, "pids.max", processes_for(limits, 0));
    /* In a group of its own it gets as much processor time as we do, however many tasks it has. */
    if (find_own("cpu", own) || find_own("cpu,cpuacct", own))
        make_folder(group, "/cpu", own, "cpu.shares");
}

/* A group with processes cannot have groups below it, so the new one is a sibling of our own. */
static void open_version_2(struct limit_group *group, const struct limits *limits)
{
    char own[OWN_BYTES];
    if (!find_own("", own)) /* "0::/…" */
        return;
    char *last = strrchr(own, '/');
    if (last != NULL)
        *last = '\0';
    if (!make_folder(group, "", own, "pids.max"))
        return;
    group->has_processes = limit_newest(group, "pids.max", processes_for(limits, 0));
    group->has_memory = limit_newest(group, "memory.max", limits->memory_bytes);
    limit_newest(group, "memory.swap.max", 0);
    limit_newest(group, "memory.oom.group", 1);
}

void limit_group_open(struct limit_group *group, const struct limits *limits)
{
    *group = (struct limit_group){0};
    open_version_1(group, limits);
    if (group->count == 0)
        open_version_2(group, limits);
}

int limit_group_enter(const struct limit_group *group)
{
    int error = 0;
    for (size_t i = 0; i < group->count; i++)
        if (write(group->entrances[i], "0", 1) != 1)
            error = -errno;
    return error;
}

/*** The end ***/

enum limit limit_group_reached(const struct limit_group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        const char *folder = group->folders[i];
        if (group->has_memory && read_number(folder, "memory.events", "oom_kill ") +
                                         read_number(folder, "memory.oom_control", "oom_kill ") >
                                     0)
            return LIMIT_MEMORY;
        if (group->has_processes && read_number(folder, "pids.events", "max ") > 0)
            return LIMIT_PROCESSES;
    }
    return LIMIT_NONE;
}

void limit_group_close(struct limit_group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        close(group->entrances[i]);
        /* For a moment after the last process has been waited for, the group is busy. */
        for (int tries = 0; rmdir(group->folders[i]) < 0 && errno == EBUSY && tries < 1000; tries++)
            poll(NULL, 0, 1);
    }
    group->count = 0;
}
