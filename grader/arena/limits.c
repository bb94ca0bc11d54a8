#include "grader/arena/limits.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "observe/proc.h"
#include "observe/task.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

const struct limits limits_default = {
    .memory_bytes = (int64_t)1 << 30,
    .memory_bytes_per_client = (int64_t)4 << 20, /* a forked process of Python touches 2.4 MB */
    .processes = 2500,
    .running = 300, /* a task that serves a client soon sleeps again */
    .file_bytes = (int64_t)64 << 20,
    .folder_bytes = (int64_t)512 << 20, /* counts as memory where the folder is a tmpfs */
    .folder_files = 65536,
    .output_bytes = (int64_t)512 << 20,
    .cpu_ns = 300 * NS_PER_S,
    .wall_ns = 600 * NS_PER_S,
    .grading_ns = 600 * NS_PER_S, /* of a slow server with every fault a third of it */
};

#define VALUE(key, field, unit) key, offsetof(struct limits, field), unit

static const struct {
    const char *text;
    const char *hint;
    const char *key; /* of an assignment's `limits`, or NULL */
    size_t place;    /* of its value in struct limits */
    int64_t unit;
} limits[] = {
    [LIMIT_NONE] = {N_("within its limits"), ""},
    [LIMIT_MEMORY] = {N_("used up its memory"),
                      N_("Something grows without end: do not keep everything that is received."),
                      VALUE("memory-mb", memory_bytes, 1 << 20)},
    [LIMIT_PROCESSES] = {N_("used up its processes and threads"),
                         N_("Something forks or starts threads without end: check that accept() is "
                            "inside the loop and that each child leaves it."),
                         VALUE("processes", processes, 1)},
    [LIMIT_DESCRIPTORS] =
        {N_("has too many files and sockets open"),
         N_("Something opens them in a loop: close each as soon as it is done with.")},
    [LIMIT_FOLDER] = {N_("wrote too much into its folder"),
                      N_("Something writes files in a loop: a build should write the program and "
                         "nothing else.")},
    [LIMIT_OUTPUT] = {N_("printed too much"),
                      N_("Something prints in a loop that never ends: print once per message."),
                      VALUE("output-mb", output_bytes, 1 << 20)},
    [LIMIT_SENDING] = {N_("sends without end: 64 MB that nobody asked for"),
                       N_("Something sends in a loop that never ends: answer each message once.")},
    [LIMIT_CPU] = {N_("used up its processor time"),
                   N_("Something runs without ever waiting: wait in "
                      "accept(), recv(), select(), poll() or epoll."),
                   VALUE("cpu-s", cpu_ns, NS_PER_S)},
    [LIMIT_WALL] = {N_("ran longer than allowed"),
                    N_("Something keeps each client waiting: a server should not call sleep()."),
                    VALUE("wall-s", wall_ns, NS_PER_S)},
    [LIMIT_GRADING] = {N_("used up the time for its whole grading"),
                       N_("Something keeps each client waiting: a server should not call "
                          "sleep()."),
                       VALUE("grading-s", grading_ns, NS_PER_S)},
};

const char *limit_text(enum limit limit)
{
    return limits[limit].text;
}

const char *limit_hint(enum limit limit)
{
    return limits[limit].hint;
}

char *limit_described(enum limit limit, const struct limits *most)
{
    if (limits[limit].key == NULL)
        return text_of("%s", _(limits[limit].text));
    int64_t value = 0;
    memcpy(&value, (const char *)most + limits[limit].place, sizeof value);
    return text_of("%s (%s: %" PRId64 ")", _(limits[limit].text), limits[limit].key,
                   value / limits[limit].unit);
}

enum limit limits_reached(const struct limits *most, const struct task_list *tasks,
                          int64_t output_bytes)
{
    /* The kernel also counts tasks of ours and of the same user's other programs, so it may refuse
     * a new one a little earlier. */
    if (tasks->count >= (size_t)(most->processes - most->processes / 16))
        return LIMIT_PROCESSES;
    return output_bytes > most->output_bytes ? LIMIT_OUTPUT : LIMIT_NONE;
}

enum limit limits_watch_processes(const struct limits *most, const struct task_list *tasks)
{
    return tasks->running > most->running ? LIMIT_PROCESSES : LIMIT_NONE;
}

#define RUNNING_PER_CLIENT 2

/* 0 if the kernel does not tell. */
static int64_t spare_bytes(void)
{
    char text[4096];
    proc_read(text, sizeof text, "/proc/meminfo");
    return (int64_t)proc_number_after(text, "MemAvailable:") * 1024;
}

struct limits limits_for(const struct limits *most, size_t clients)
{
    struct limits grown = *most;
    int64_t bytes = most->memory_bytes + most->memory_bytes_per_client * (int64_t)clients;
    int64_t spare = spare_bytes() / 2;
    bytes = bytes < spare ? bytes : spare;
    grown.memory_bytes = bytes > most->memory_bytes ? bytes : most->memory_bytes;
    grown.running += RUNNING_PER_CLIENT * clients;
    return grown;
}

static void lower(__rlimit_resource_t resource, int64_t most)
{
    struct rlimit limit;
    getrlimit(resource, &limit);
    if (limit.rlim_max > (rlim_t)most)
        limit.rlim_max = (rlim_t)most;
    if (limit.rlim_cur > limit.rlim_max)
        limit.rlim_cur = limit.rlim_max;
    setrlimit(resource, &limit);
}

static int count_if_own(long pid, void *context)
{
    int64_t *count = context;
    char text[2048];
    if (proc_read(text, sizeof text, "/proc/%ld/status", pid) > 0 &&
        proc_number_after(text, "Uid:") == getuid())
        *count += (int64_t)proc_number_after(text, "Threads:");
    return 0;
}

/* All tasks of our user that we can see. */
static int64_t count_tasks_of_user(void)
{
    int64_t count = 0;
    proc_each_number("/proc", count_if_own, &count);
    return count;
}

#define UNWATCHED_CPU_NS (30 * NS_PER_S)

void limits_apply(const struct limits *most, bool has_own_user_namespace)
{
    lower(RLIMIT_NPROC, most->processes + (has_own_user_namespace ? 0 : count_tasks_of_user()));
    lower(RLIMIT_FSIZE, most->file_bytes);
    lower(RLIMIT_CPU, (most->cpu_ns + UNWATCHED_CPU_NS) / NS_PER_S);
    lower(RLIMIT_CORE, 1); /* not 0: a handler of core dumps ignores every limit but 1 */
}

bool limits_hold_processes(void)
{
    struct rlimit before;
    getrlimit(RLIMIT_NPROC, &before);
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = before.rlim_max};
    if (setrlimit(RLIMIT_NPROC, &none) < 0)
        return false;
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    bool is_refused = child < 0 && errno == EAGAIN;
    if (child > 0)
        waitpid(child, NULL, 0);
    setrlimit(RLIMIT_NPROC, &before);
    return is_refused;
}
