#include "grader/arena/user_namespace.h"

#include "base/descriptor_passing.h"
#include "observe/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int user_namespace_map(pid_t pid, uid_t user, gid_t group)
{
    char users[64];
    char groups[64];
    snprintf(users, sizeof users, "%u %u 1\n", user, user);
    snprintf(groups, sizeof groups, "%u %u 1\n", group, group);
    int error = proc_write("deny", "/proc/%d/setgroups", pid);
    if (error == 0)
        error = proc_write(users, "/proc/%d/uid_map", pid);
    return error == 0 ? proc_write(groups, "/proc/%d/gid_map", pid) : error;
}

void user_namespace_map_range(struct user_namespace_map *map, uid_t first_user, unsigned users,
                              gid_t first_group, unsigned groups)
{
    snprintf(map->users, sizeof map->users, "%u %u 1\n%u %u %u\n", geteuid(), geteuid(), first_user,
             first_user, users);
    snprintf(map->groups, sizeof map->groups, "%u %u 1\n%u %u %u\n", getegid(), getegid(),
             first_group, first_group, groups);
}

/* The words of a command. */
#define WORDS_MAX 16

/* Not looked for in PATH: what it finds there has a set-user-ID bit. */
static int run_helper(const char *program, pid_t pid, const char *lines)
{
    char number[16];
    char text[sizeof((struct user_namespace_map *)NULL)->users];
    char *rest = NULL;
    char *words[WORDS_MAX] = {(char *)program, number};
    size_t count = 2;
    pid_t helper = 0;
    int status = 0;
    snprintf(number, sizeof number, "%d", pid);
    snprintf(text, sizeof text, "%s", lines);
    for (char *word = strtok_r(text, " \n", &rest); word != NULL && count + 1 < WORDS_MAX;
         word = strtok_r(NULL, " \n", &rest))
        words[count++] = word;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int error = -posix_spawn(&helper, program, &actions, NULL, words, (char *[]){NULL});
    posix_spawn_file_actions_destroy(&actions);
    while (error == 0 && waitpid(helper, &status, 0) < 0 && errno == EINTR)
        continue;
    return error == 0 && (!WIFEXITED(status) || WEXITSTATUS(status) != 0) ? -EPERM : error;
}

static int map_lines(pid_t pid, const char *file, const char *program, const char *lines)
{
    int error = proc_write(lines, "/proc/%d/%s", pid, file);
    return error == -EPERM ? run_helper(program, pid, lines) : error;
}

int user_namespace_map_lines(pid_t pid, const struct user_namespace_map *map)
{
    int error = map_lines(pid, "uid_map", "/usr/bin/newuidmap", map->users);
    return error == 0 ? map_lines(pid, "gid_map", "/usr/bin/newgidmap", map->groups) : error;
}

int user_namespace_become_owner(uid_t owner)
{
    int signal_of_death = 0; /* which is lost with another user */
    if (prctl(PR_GET_PDEATHSIG, &signal_of_death) < 0 ||
        prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) < 0 ||
        setresuid((uid_t)-1, owner, (uid_t)-1) < 0 ||
        prctl(PR_SET_PDEATHSIG, signal_of_death) < 0 ||
        (owner == 0 && prctl(PR_SET_SECUREBITS, 0) < 0))
        return -errno;
    return 0;
}

/* The namespace's first process: only there until the map is written. */
static _Noreturn void hold_namespace(uid_t owner, int ready_fd)
{
    int error = owner != 0 ? user_namespace_become_owner(owner) : 0;
    if (error == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || unshare(CLONE_NEWUSER) < 0))
        error = -errno;
    if (write(ready_fd, &error, sizeof error) == sizeof error)
        pause();
    _exit(0);
}

static int open_mapped(pid_t holder, const struct user_namespace_map *map)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/user", holder);
    int error = user_namespace_map_lines(holder, map);
    int fd = error == 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    return error < 0 ? error : fd < 0 ? -errno : fd;
}

int user_namespace_open(uid_t owner, const struct user_namespace_map *map)
{
    int ready[2];
    if (pipe2(ready, O_CLOEXEC) < 0)
        return -errno;
    pid_t holder = fork();
    int error = holder < 0 ? -errno : 0;
    if (holder == 0)
        hold_namespace(owner, ready[1]);
    descriptor_close(&ready[1]); /* so that the pipe ends with the holder */
    if (error == 0 && read(ready[0], &error, sizeof error) != sizeof error)
        error = -ECHILD;
    if (error == 0)
        error = open_mapped(holder, map);
    descriptor_close(&ready[0]);
    if (holder > 0) {
        kill(holder, SIGKILL);
        while (waitpid(holder, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    return error;
}
