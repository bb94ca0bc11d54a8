#include "grader/arena/arena_walls.h"

#include "base/memory.h"
#include "grader/arena/job_user.h"
#include "grader/arena/limit_group.h"
#include "grader/arena/scratch.h"
#include "observe/proc.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define GROUP_REMEDY                                                                               \
    "grade as root, or 'systemd-run --user --scope -p Delegate=yes proctor ...', where systemd "   \
    "runs"
#define SANDBOX_REMEDY "install bubblewrap; see 'user namespaces' above"

/*** What is tried ***/

struct facts {
    enum isolation level;
    bool has_sandbox;
    bool has_namespaces;
    bool has_own_user; /* each grading, on the host */
    bool has_memory_group;
    bool has_process_group;
    bool has_cpu_group;
    bool has_file_system;
    bool has_bounded_pipes;
};

/* In a process of its own, which such a folder changes. */
static bool can_have_file_system(void)
{
    struct scratch scratch;
    int status = -1;
    if (scratch_open(&scratch) < 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        bool is_bounded = false;
        char *folder = text_of("%s/tried", scratch.folder);
        int error = scratch_make_folder(folder, &limits_default, true, &is_bounded);
        _exit(error == 0 && is_bounded ? 0 : 1);
    }
    if (child > 0)
        waitpid(child, &status, 0);
    scratch_close(&scratch);
    return status == 0;
}

static bool can_have_user(enum isolation level)
{
    struct job_user user;
    int error = level <= ISOLATION_USER ? job_user_open(&user, level == ISOLATION_USER) : -1;
    bool can = error == 0 && user.id != 0;
    if (level <= ISOLATION_USER)
        job_user_release(&user);
    return can;
}

static bool has_bounded_pipes(void)
{
    char text[32];
    return proc_read(text, sizeof text, "/proc/sys/fs/pipe-user-pages-hard") > 0 &&
           strtol(text, NULL, 10) > 0;
}

/* The user last: to have one, an ordinary user's process goes on in another namespace. */
static struct facts try_all(enum isolation level)
{
    struct limit_group group;
    limit_group_open(&group, &limits_default);
    struct facts facts = {
        .level = level,
        .has_sandbox = level <= ISOLATION_USER,
        .has_namespaces = level != ISOLATION_NONE,
        .has_memory_group = group.has_memory,
        .has_process_group = group.has_processes,
        .has_cpu_group = group.cpu_used_fd >= 0,
        .has_file_system = level != ISOLATION_NONE && can_have_file_system(),
        .has_bounded_pipes = has_bounded_pipes(),
    };
    limit_group_close(&group);
    facts.has_own_user = can_have_user(level);
    return facts;
}

/*** What it comes to ***/

typedef struct arena_wall wall_function(const struct facts *facts);

static struct arena_wall files(const struct facts *facts)
{
    if (facts->has_sandbox)
        return (struct arena_wall){"files of the host", HOLD_KERNEL,
                                   "a list of what is seen (docs/grading.md)", NULL};
    if (facts->has_namespaces)
        return (struct arena_wall){"files of the host", HOLD_NOTHING,
                                   "it reads what its user may, and writes nothing",
                                   SANDBOX_REMEDY};
    return (struct arena_wall){"files of the host", HOLD_NOTHING,
                               "it reads and writes what its user may", SANDBOX_REMEDY};
}

static struct arena_wall user(const struct facts *facts)
{
    if (facts->has_own_user)
        return (struct arena_wall){"the grader's account", HOLD_KERNEL,
                                   "a user of the host for each grading, who owns nothing", NULL};
    const char *remedy = geteuid() == 0
                             ? "grade outside of this container's user namespace"
                             : "install uidmap; 'usermod --add-subuids 100000-165535 "
                               "--add-subgids 100000-165535 USER', with numbers of nobody else";
    return (struct arena_wall){"the grader's account", HOLD_NOTHING,
                               "outside of the walls it is the grader's own user", remedy};
}

static struct arena_wall others(const struct facts *facts)
{
    if (facts->has_namespaces)
        return (struct arena_wall){"other processes", HOLD_KERNEL,
                                   "a process namespace, which ends with the grader", NULL};
    return (struct arena_wall){"other processes", HOLD_NOTHING,
                               "it may signal those of its user; what it starts is ended",
                               SANDBOX_REMEDY};
}

static struct arena_wall network(const struct facts *facts)
{
    if (facts->has_namespaces)
        return (struct arena_wall){"the network", HOLD_KERNEL,
                                   "a network of its own, without a way out", NULL};
    return (struct arena_wall){"the network", HOLD_NOTHING, "it uses the machine's",
                               SANDBOX_REMEDY};
}

static struct arena_wall calls(const struct facts *facts)
{
    if (facts->has_namespaces)
        return (struct arena_wall){"system calls", HOLD_KERNEL,
                                   "a seccomp filter; io_uring with --without-io-uring", NULL};
    return (struct arena_wall){"system calls", HOLD_NOTHING, "what its user may", SANDBOX_REMEDY};
}

static struct arena_wall memory(const struct facts *facts)
{
    if (facts->has_memory_group)
        return (struct arena_wall){"its memory", HOLD_KERNEL, "a control group; netlink is watched",
                                   NULL};
    if (facts->has_namespaces)
        return (struct arena_wall){"its memory", HOLD_WATCHED,
                                   "a sum five times a second; no nameless files", GROUP_REMEDY};
    return (struct arena_wall){"its memory", HOLD_WATCHED, "only what its processes map",
                               GROUP_REMEDY};
}

static struct arena_wall pipes(const struct facts *facts)
{
    if (facts->has_memory_group)
        return (struct arena_wall){"its pipes and sockets", HOLD_KERNEL, "the same control group",
                                   NULL};
    if (facts->has_bounded_pipes)
        return (struct arena_wall){"its pipes and sockets", HOLD_WATCHED,
                                   "fs.pipe-user-pages-hard; 5,000 sockets", GROUP_REMEDY};
    return (struct arena_wall){"its pipes and sockets", HOLD_WATCHED,
                               "5,000 sockets; pipes of 8 kB once there are 64 MB",
                               "'sysctl fs.pipe-user-pages-hard=32768', or a control group"};
}

static struct arena_wall tasks(const struct facts *facts)
{
    if (facts->has_process_group)
        return (struct arena_wall){"how many processes", HOLD_KERNEL, "a control group", NULL};
    if (geteuid() != 0)
        return (struct arena_wall){"how many processes", HOLD_KERNEL, "RLIMIT_NPROC", NULL};
    return (struct arena_wall){"how many processes", HOLD_KERNEL, "root's gradings are refused",
                               "grade as an ordinary user, or mount the control group pids"};
}

static struct arena_wall cpu(const struct facts *facts)
{
    if (facts->has_cpu_group)
        return (struct arena_wall){"its processor time", HOLD_WATCHED,
                                   "a control group counts it; RLIMIT_CPU for each process", NULL};
    return (struct arena_wall){"its processor time", HOLD_WATCHED,
                               "a sum of what lives or was waited for; RLIMIT_CPU for each",
                               GROUP_REMEDY};
}

static struct arena_wall disk(const struct facts *facts)
{
    if (facts->has_file_system)
        return (struct arena_wall){"what a build writes", HOLD_KERNEL,
                                   "a file system of its own, of 512 MB, nosuid", NULL};
    return (struct arena_wall){"what a build writes", HOLD_WATCHED,
                               "five times a second; a file by RLIMIT_FSIZE", SANDBOX_REMEDY};
}

static struct arena_wall duration(const struct facts *facts)
{
    (void)facts;
    return (struct arena_wall){"how long it takes", HOLD_WATCHED,
                               "the grader; in a class who started it, three minutes later", NULL};
}

static struct arena_wall booked(const struct facts *facts)
{
    if (facts->level == ISOLATION_ROOT && facts->has_own_user)
        return (struct arena_wall){"inotify, keys, signals", HOLD_KERNEL, "the user of its own",
                                   NULL};
    if (facts->level == ISOLATION_USER)
        return (struct arena_wall){"inotify, keys, signals", HOLD_KERNEL,
                                   "16 inotify instances; no keys; signals by RLIMIT_SIGPENDING",
                                   NULL};
    return (struct arena_wall){"inotify, keys, signals", HOLD_NOTHING, "shared with its user's",
                               SANDBOX_REMEDY};
}

static wall_function *const all[] = {files, user,  others, network, calls,    memory,
                                     pipes, tasks, cpu,    disk,    duration, booked};

size_t arena_walls(enum isolation level, struct arena_wall walls[ARENA_WALLS_MAX])
{
    const struct facts facts = try_all(level);
    _Static_assert(sizeof all / sizeof all[0] <= ARENA_WALLS_MAX, "there is room for all");
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        walls[i] = all[i](&facts);
    return sizeof all / sizeof all[0];
}

const char *hold_name(enum hold hold)
{
    static const char *const names[] = {
        [HOLD_KERNEL] = "held", [HOLD_WATCHED] = "watched", [HOLD_NOTHING] = "not held"};
    return names[hold];
}
