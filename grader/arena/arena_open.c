/* Theory of operation: the keeper is cloned into its namespaces and waits. From outside it is given
 * its user; then it may go on, sets itself up and starts the submission. A failure comes back as a
 * step with an errno. The best level is tried first, and the next one where that fails.
 */
#include "grader/arena/arena_open.h"

#include "base/clock.h"
#include "base/descriptor_passing.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/arena/keeper.h"
#include "grader/arena/sandbox.h"
#include "grader/arena/terminal.h"
#include "grader/arena/user_namespace.h"
#include "grader/arena/way.h"
#include "observe/task_files.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Who owns the keeper's user namespace, if root does not. */
static const struct job_user *user_of_keeper(const struct keeper_plan *plan)
{
    bool has_one = plan->has_user_namespace && plan->sandbox != NULL && plan->sandbox->user.id != 0;
    return has_one ? &plan->sandbox->user : NULL;
}

/* The keeper's first steps: it may only go on once its user has been mapped. */
static _Noreturn void begin_keeper(const struct keeper_plan *plan)
{
    char go = 0;
    if (recv(plan->control_fd, &go, sizeof go, 0) != sizeof go)
        _exit(0);
    if (user_of_keeper(plan) != NULL &&
        (setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0))
        _exit(1);
    keeper_run(plan);
}

static bool needs_user_namespace(enum isolation isolation)
{
    return isolation == ISOLATION_USER || (isolation == ISOLATION_NETWORK && geteuid() != 0);
}

static pid_t clone_keeper(enum isolation isolation)
{
    unsigned long flags = SIGCHLD;
    if (isolation != ISOLATION_NONE)
        flags |= CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC;
    if (needs_user_namespace(isolation))
        flags |= CLONE_NEWUSER;
    pid_t pid = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, 0);
    return pid < 0 ? -errno : pid;
}

/* The network of another arena, and the user namespace that it belongs to. */
static int enter_network(const struct arena *other)
{
    int keeper = (int)syscall(SYS_pidfd_open, other->keeper, 0);
    int kinds = CLONE_NEWNET | (needs_user_namespace(other->isolation) ? CLONE_NEWUSER : 0);
    int error = keeper < 0 || setns(keeper, kinds) < 0 ? -errno : 0;
    descriptor_close(&keeper);
    return error;
}

/* In between stands a process that enters the other's namespaces, as there is no way back from a
 * user namespace. It makes a sibling of its own: our child. */
static pid_t clone_keeper_beside(const struct arena *other)
{
    int told[2];
    pid_t keeper = -1;
    if (pipe2(told, O_CLOEXEC) < 0)
        return -errno;
    pid_t between = fork();
    if (between == 0) {
        unsigned long flags = CLONE_PARENT | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | SIGCHLD;
        keeper = enter_network(other);
        if (keeper == 0)
            keeper = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, 0);
        if (keeper == 0)
            return 0;
        keeper = keeper < 0 && errno != 0 ? -errno : keeper;
        ssize_t written = write(told[1], &keeper, sizeof keeper);
        _exit(written == sizeof keeper ? 0 : 1);
    }
    close(told[1]);
    if (between > 0 && read(told[0], &keeper, sizeof keeper) != sizeof keeper)
        keeper = -ECHILD;
    close(told[0]);
    while (between > 0 && waitpid(between, NULL, 0) < 0 && errno == EINTR)
        continue;
    return between < 0 ? -EAGAIN : keeper;
}

static pid_t clone_keeper_for(const struct job_user *owner, enum isolation isolation)
{
    bool changes = owner != NULL && geteuid() == 0;
    int error = changes ? user_namespace_become_owner(owner->id) : 0;
    if (error < 0)
        return error;
    pid_t pid = clone_keeper(isolation);
    if (pid != 0 && changes)
        error = user_namespace_become_owner(0);
    assert(error == 0); /* we may: root is still our saved user */
    return pid;
}

static int map_keeper(const struct arena *arena, const struct keeper_plan *plan)
{
    const struct job_user *user = user_of_keeper(plan);
    return user != NULL ? user_namespace_map_lines(arena->keeper, &user->map)
                        : user_namespace_map(arena->keeper, geteuid(), getegid());
}

static const char *const step_texts[] = {
    [STEP_MAP_USER] = N_("mapping the user into a user namespace"),
    [STEP_LOOPBACK] = N_("bringing the loopback interface up"),
    [STEP_TERMINAL] = N_("giving the submission a terminal"),
    [STEP_FORK] = N_("forking the submission"),
    [STEP_LEND] = N_("showing it its folder: on this file system all must be able to read it"),
    [STEP_BOUND] = N_("limiting its number of processes: as root this needs a control group"),
    [STEP_SANDBOX] = N_("making a sandbox with bubblewrap"),
    [STEP_COMMAND] = N_("running the command"),
};

#define START_NS (120 * NS_PER_S) /* of a sandbox on a crowded machine, and ten times more */

static int receive_start(struct arena *arena, struct arena_trouble *trouble)
{
    struct keeper_report report;
    int fd = -1;
    int error = keeper_receive(arena->control_fd, &report, &fd, clock_now_ns() + START_NS);
    if (error < 0) {
        trouble->what = N_("starting the keeper");
        return error;
    }
    trouble->what = step_texts[report.step];
    trouble->is_command = report.error < 0 && report.step == STEP_COMMAND;
    return report.error;
}

/* Lets the keeper go, whose end of the control is plan->control_fd. */
static int start_keeper(struct arena *arena, struct keeper_plan *plan, const struct arena *beside,
                        struct arena_trouble *trouble)
{
    int control[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0)
        return -errno;
    plan->control_fd = control[1];
    trouble->what = N_("making namespaces");
    bool is_beside = beside != NULL && arena->isolation != ISOLATION_NONE;
    arena->keeper = is_beside ? clone_keeper_beside(beside)
                              : clone_keeper_for(user_of_keeper(plan), arena->isolation);
    int error = arena->keeper < 0 ? arena->keeper : 0;
    if (arena->keeper == 0) {
        close(control[0]);
        begin_keeper(plan);
    }
    close(control[1]);
    arena->control_fd = control[0];
    if (error == 0 && !is_beside && needs_user_namespace(arena->isolation)) {
        trouble->what = step_texts[STEP_MAP_USER];
        error = map_keeper(arena, plan);
    }
    if (error == 0 && arena->isolation == ISOLATION_NETWORK && is_root_of_host()) {
        trouble->what = N_("keeping it from devices and sockets: as root this needs bubblewrap");
        trouble->is_final = true;
        error = -EPERM;
    }
    if (error == 0 && send(arena->control_fd, "g", 1, MSG_NOSIGNAL) != 1)
        error = -errno;
    return error;
}

static int check_program(const char *file)
{
    struct stat status;
    if (stat(file, &status) < 0 || access(file, X_OK) < 0)
        return -errno;
    return S_ISREG(status.st_mode) ? 0 : -EACCES;
}

/* Looks for it in the submission's PATH, as a shell would: 0, -ENOENT or -EACCES. From inside the
 * sandbox it could not be told that it was the command that failed. */
static int find_command(const char *name)
{
    if (strchr(name, '/') != NULL)
        return check_program(name);
    char *path = text_of("%s", SUBMISSION_PATH);
    char *rest = NULL;
    int error = -ENOENT;
    for (char *folder = strtok_r(path, ":", &rest); folder != NULL && error < 0;
         folder = strtok_r(NULL, ":", &rest)) {
        char *file = text_of("%s/%s", folder, name);
        error = check_program(file) == 0 ? 0 : -ENOENT;
        free(file);
    }
    free(path);
    return error;
}

/* Says which folder is shut, if that is what failed. */
static int blame_folder(const char *folder, bool has_failed, struct arena_trouble *trouble)
{
    char *path = folder != NULL ? text_of("%s", folder) : getcwd(NULL, 0);
    int error = 0;
    if (path != NULL && has_failed)
        error = way_for_submission(path, trouble->shut, sizeof trouble->shut);
    else if (path != NULL)
        error = way_to_folder(path, trouble->shut, sizeof trouble->shut);
    if (error == 0)
        trouble->shut[0] = '\0';
    free(path);
    return error;
}

/* The submission's, then the others; the caller frees the list. */
static char *const **list_commands(const struct arena_plan *plan)
{
    size_t count = 0;
    while (plan->others != NULL && plan->others[count] != NULL)
        count++;
    char *const **commands = allocate(count + 2, sizeof *commands);
    commands[0] = plan->command;
    for (size_t i = 0; i < count; i++)
        commands[i + 1] = plan->others[i];
    return commands;
}

/* Starts the keeper with a sandbox around the submission, if the level has one. */
static int start(struct arena *arena, const struct arena_plan *plan, int submission_end,
                 struct arena_trouble *trouble)
{
    struct sandbox sandbox;
    bool has_sandbox = arena->isolation <= ISOLATION_USER;
    trouble->what = N_("entering the folder that it is started in");
    int error = has_sandbox ? blame_folder(plan->folder, false, trouble) : 0;
    if (error < 0)
        return error;
    limit_group_open(&arena->group, arena->limits);
    char *const **commands = list_commands(plan);
    const struct sandbox_plan sandbox_plan = {
        .commands = commands,
        .folder = plan->folder,
        .limits = arena->limits,
        .is_memory_watched = !arena->group.has_memory,
        .may_write = plan->may_write,
        .writable = plan->writable,
        .hidden = plan->hidden,
        .has_keeper_namespace = needs_user_namespace(arena->isolation),
    };
    error = has_sandbox ? sandbox_open(&sandbox, &sandbox_plan, &trouble->what) : 0;
    struct keeper_plan keeper_plan = {
        .terminal_fd = submission_end,
        .commands = commands,
        .limits = arena->limits,
        .group = &arena->group,
        .filter = {.denies_io_uring = arena->limits->is_without_io_uring,
                   .bounds_shared_memory = !arena->group.has_memory},
        .sandbox = has_sandbox ? &sandbox : NULL,
        .writable = plan->writable,
        .starts_later = plan->starts_later,
        .folder = plan->folder,
        .has_namespaces = arena->isolation != ISOLATION_NONE,
        .shares_network = plan->beside != NULL,
        .has_user_namespace = needs_user_namespace(arena->isolation),
    };
    trouble->is_command = error == -E2BIG;
    if (error == 0)
        error = start_keeper(arena, &keeper_plan, plan->beside, trouble);
    if (error == 0)
        error = receive_start(arena, trouble);
    if (error < 0 && trouble->what == step_texts[STEP_SANDBOX] && is_root_of_host())
        blame_folder(plan->folder, true, trouble);
    arena->has_started = error == 0;
    if (has_sandbox)
        sandbox_release(&sandbox);
    free(commands); /* the keeper has a copy of all memory */
    return error;
}

/* Where a control group counts it there is no need to look at shared memory. */
static void begin_watch(struct arena *arena)
{
    bool has_namespaces = arena->isolation != ISOLATION_NONE;
    int segments = has_namespaces && !arena->group.has_memory ? arena_segments(arena) : -1;
    usage_watch_open(&arena->watch, arena->keeper, &arena->group, has_namespaces,
                     segments >= 0 ? segments : -1);
}

static int open_at(struct arena *arena, enum isolation isolation, const struct arena_plan *plan,
                   struct arena_trouble *trouble)
{
    int submission_end = -1;
    *arena = (struct arena){
        .isolation = isolation,
        .limits = plan->limits != NULL ? plan->limits : &limits_default,
        .begin_ns = clock_now_ns(),
        .end_ns = plan->end_ns > 0 ? plan->end_ns : NEVER_NS,
        .watched_folder = !plan->watches_folder  ? NULL
                          : plan->folder != NULL ? text_of("%s", plan->folder)
                                                 : getcwd(NULL, 0),
        .keeper = -1,
        .control_fd = -1,
        .terminal_fd = -1,
        .subject = {.netlink_fd = -1, .shares_network = isolation == ISOLATION_NONE},
    };
    *trouble = (struct arena_trouble){.what = step_texts[STEP_COMMAND]};
    int error = find_command(plan->command[0]);
    trouble->is_command = error < 0;
    if (error == 0) {
        trouble->what = N_("opening a terminal");
        error = arena->terminal_fd = terminal_open(&submission_end, &arena->terminal);
    }
    if (error >= 0)
        error = start(arena, plan, submission_end, trouble);
    descriptor_close(&submission_end);
    if (error == 0) {
        begin_watch(arena);
        trouble->what = N_("opening sock_diag");
        arena->subject.root = arena->keeper;
        arena->subject.running_max = arena->group.has_processes ? 0 : arena->limits->running;
        arena->subject.files = task_files_new();
        error = arena->subject.netlink_fd =
            arena_socket(arena, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
    }
    if (error < 0)
        arena_close(arena);
    return error < 0 ? error : 0;
}

/* Does this machine allow the level, for a command that needs nothing? A submission must not be
 * able to choose the level that it runs at. */
static bool is_allowed(enum isolation isolation)
{
    char *const command[] = {"true", NULL};
    const struct arena_plan plan = {.command = command, .folder = "/"};
    struct arena_trouble trouble;
    struct arena arena;
    int error = open_at(&arena, isolation, &plan, &trouble);
    if (error == 0)
        arena_close(&arena);
    return error == 0;
}

int arena_open(struct arena *arena, const struct arena_plan *plan, struct arena_trouble *trouble)
{
    enum isolation best = geteuid() == 0 ? ISOLATION_ROOT : ISOLATION_USER;
    enum isolation level = plan->isolation != ISOLATION_BEST ? plan->isolation : best;
    int error = open_at(arena, level, plan, trouble);
    while (plan->isolation == ISOLATION_BEST && error < 0 && level < ISOLATION_NONE &&
           !trouble->is_command && !trouble->is_final && !is_allowed(level))
        error = open_at(arena, ++level, plan, trouble);
    return error;
}
