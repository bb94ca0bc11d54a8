#include "grader/arena/arena_check.h"

#include "base/language.h"
#include "grader/arena/arena_open.h"
#include "observe/snapshot.h"

#include <errno.h>

static int look_inside(const struct arena *arena, const char **what)
{
    struct snapshot snapshot = {0};
    *what = N_("listing sockets with sock_diag");
    int error = snapshot_take(&snapshot, &arena->subject);
    if (error == 0 && snapshot.tasks.count == 0) {
        *what = N_("finding the tasks of the submission in /proc");
        error = -ESRCH;
    } else if (error == 0 && !snapshot.tasks.tasks[0].is_inspectable) {
        *what = N_("reading /proc/PID/syscall of the submission");
        error = -EACCES;
    }
    snapshot_release(&snapshot);
    return error;
}

int arena_check(enum isolation isolation, const char **what)
{
    char *const command[] = {"sleep", "60", NULL};
    const struct arena_plan plan = {.command = command, .folder = "/", .isolation = isolation};
    struct arena_trouble trouble;
    struct arena arena;
    int error = arena_open(&arena, &plan, &trouble);
    *what = trouble.what;
    if (error < 0)
        return error;
    error = look_inside(&arena, what);
    arena_close(&arena);
    return error;
}
