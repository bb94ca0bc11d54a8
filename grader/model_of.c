/* Theory of operation: first how many of three silent clients' neighbours were served, then who
 * waits for them. All served: one task that waits for several is a loop, a task for each is a
 * thread or a process, old ones are a pool, new ones are not. Fewer served: that many at a time.
 */
#include "grader/model_of.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* How many different tasks, or processes, wait for the clients. */
static size_t count_different(const struct shape *shape, bool processes)
{
    size_t different = 0;
    for (size_t i = 0; i < shape->clients; i++) {
        const struct hold *hold = &shape->holds[i];
        bool is_new = hold->waiter != 0;
        for (size_t j = 0; j < i && is_new; j++) {
            const struct hold *other = &shape->holds[j];
            is_new =
                processes ? other->waiter_pid != hold->waiter_pid : other->waiter != hold->waiter;
        }
        different += is_new;
    }
    return different;
}

static bool all_are_in_loops(const struct shape *shape)
{
    for (size_t i = 0; i < shape->clients; i++)
        if (!shape->holds[i].is_in_loop)
            return false;
    return true;
}

static bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Programs whose event loop is not the submission's own work. */
static bool is_runtime(const char *program)
{
    static const char *const runtimes[] = {"node", "java", "dotnet", "beam.smp", "deno", "bun"};
    for (size_t i = 0; i < sizeof runtimes / sizeof runtimes[0]; i++)
        if (strcmp(program, runtimes[i]) == 0)
            return true;
    return false;
}

/*** One loop ***/

static const char *name_of_call(const char *call)
{
    if (has_prefix(call, "epoll"))
        return "epoll";
    return strcmp(call, "poll") == 0 || strcmp(call, "ppoll") == 0 ? "poll" : "select";
}

static const char *describe_loop(const struct findings *findings, char **detail)
{
    const struct shape *shape = &findings->silent;
    const struct hold *hold = &shape->holds[0];
    const char *model = name_of_call(hold->call);
    char *trigger = strcmp(model, "epoll") != 0 ? text_of("%s", "")
                    : hold->is_edge_triggered   ? text_of(", edge-triggered")
                                                : text_of(", level-triggered");
    char *several = shape->loop_processes > 1 ? text_of(", in %zu processes", shape->loop_processes)
                    : shape->loops > 1        ? text_of(", in %zu threads", shape->loops)
                                              : text_of("%s", "");
    char *workers =
        findings->workers > 0 ? text_of(" + %zu workers", findings->workers) : text_of("%s", "");
    bool by_runtime = is_runtime(findings->program);
    *detail = text_of("%s loop%s%s%s%s%s", model, workers, trigger, several,
                      by_runtime ? ", by the runtime " : "", by_runtime ? findings->program : "");
    free(trigger);
    free(several);
    free(workers);
    return model;
}

/*** A task for each ***/

static const char *describe_tasks(const struct findings *findings, char **detail)
{
    const struct shape *shape = &findings->silent;
    bool are_processes = count_different(shape, true) > 1;
    size_t before = are_processes ? findings->before.processes : findings->before.tasks;
    size_t with = are_processes ? shape->processes : shape->tasks;
    bool is_limited = findings->crowd > 0 && findings->crowd_served < findings->crowd;
    bool are_new = with >= before + shape->clients;
    const char *kind = are_processes ? "processes" : "threads";
    if (is_limited) {
        *detail = text_of("%zu %s serve one client each, others wait",
                          shape->clients + findings->crowd_served, kind);
        return are_processes ? "prefork" : "pool";
    }
    if (are_new) {
        *detail = text_of("a %s for each client, made when it comes",
                          are_processes ? "process" : "thread");
        return are_processes ? "fork" : "thread";
    }
    *detail = text_of("more than %zu %s serve one client each, made before any came",
                      findings->crowd + shape->clients, kind);
    return are_processes ? "prefork" : "pool";
}

/*** Not everybody ***/

static const char *describe_few(const struct findings *findings, char **detail)
{
    const struct shape *shape = &findings->silent;
    if (findings->served > 1 && count_different(shape, false) < findings->served)
        return NULL; /* who serves them serves others, too: it is not for want of workers */
    if (findings->served > 1) {
        bool are_processes = count_different(shape, true) > 1;
        *detail = text_of("%zu %s serve one client each, others wait", findings->served,
                          are_processes ? "processes" : "threads");
        return are_processes ? "prefork" : "pool";
    }
    if (!findings->is_next_served) {
        *detail = text_of(findings->has_ended ? "serves one client and ends"
                                              : "serves one client and nobody after it");
        return "one-client";
    }
    *detail =
        text_of(shape->accepted > 1     ? "one client at a time, though it accepts others"
                : shape->is_main_locked ? "one client at a time, in a thread waited for at once"
                                        : "one client at a time");
    return "sequential";
}

const char *model_of(const struct findings *findings, char **detail)
{
    const struct shape *shape = &findings->silent;
    if (findings->served == 0)
        return NULL;
    if (findings->served < shape->clients)
        return describe_few(findings, detail);
    if (findings->served_again != findings->served)
        return NULL;
    if (all_are_in_loops(shape))
        return describe_loop(findings, detail);
    size_t waiters = count_different(shape, false);
    if (waiters == shape->clients)
        return describe_tasks(findings, detail);
    if (waiters == 0 && findings->is_restless) {
        *detail = text_of("asks every client again and again, and never waits");
        return "busy loop";
    }
    if (waiters == 0 && shape->has_ring) {
        *detail = text_of("one ring or more, completions");
        return "io_uring";
    }
    return NULL;
}
