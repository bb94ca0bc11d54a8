/* Theory of operation: first, how many of three clients were served while the others were silent;
 * then, which tasks wait for them. All served: one task that waits for several is a loop; a task
 * for each is a thread or a process, of a pool if it was there before. Fewer served: that many at a
 * time.
 */
#include "grader/identify/model_of.h"

#include "base/bytes.h"
#include "base/language.h"
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

/* Runtimes that bring an event loop of their own. */
static bool is_runtime(const char *program)
{
    static const char *const runtimes[] = {"node", "java", "dotnet", "beam.smp", "deno", "bun"};
    for (size_t i = 0; i < sizeof runtimes / sizeof runtimes[0]; i++)
        if (strcmp(program, runtimes[i]) == 0)
            return true;
    return false;
}

/*** One loop ***/

static enum model model_of_call(const char *call)
{
    if (strncmp(call, "epoll", strlen("epoll")) == 0)
        return MODEL_EPOLL;
    return strcmp(call, "poll") == 0 || strcmp(call, "ppoll") == 0 ? MODEL_POLL : MODEL_SELECT;
}

static enum model describe_loop(const struct findings *findings, char **detail)
{
    const struct shape *shape = &findings->silent;
    const struct hold *hold = &shape->holds[0];
    enum model model = model_of_call(hold->call);
    struct bytes text = {0};
    if (findings->workers > 0)
        bytes_print(&text, _("%s loop + %zu workers"), model_names[model], findings->workers);
    else
        bytes_print(&text, _("%s loop"), model_names[model]);
    if (model == MODEL_EPOLL)
        bytes_print(&text, ", %s",
                    hold->is_edge_triggered ? _("edge-triggered") : _("level-triggered"));
    if (shape->loop_processes > 1)
        bytes_print(&text, _(", in %zu processes"), shape->loop_processes);
    else if (shape->loops > 1)
        bytes_print(&text, _(", in %zu threads"), shape->loops);
    if (is_runtime(findings->program))
        bytes_print(&text, _(", by the runtime %s"), findings->program);
    *detail = bytes_take_text(&text);
    return model;
}

/*** A task for each ***/

/* So many clients are served, and others wait. */
static enum model describe_pool(size_t served, bool are_processes, char **detail)
{
    *detail = text_of(are_processes ? _("%zu processes serve one client each, others wait")
                                    : _("%zu threads serve one client each, others wait"),
                      served);
    return are_processes ? MODEL_PREFORK : MODEL_POOL;
}

static enum model describe_tasks(const struct findings *findings, char **detail)
{
    const struct shape *shape = &findings->silent;
    bool are_processes = count_different(shape, true) > 1;
    size_t before = are_processes ? findings->before.processes : findings->before.tasks;
    size_t with = are_processes ? shape->processes : shape->tasks;
    bool is_limited = findings->crowd > 0 && findings->crowd_served < findings->crowd;
    bool are_new = with >= before + shape->clients;
    if (is_limited)
        return describe_pool(shape->clients + findings->crowd_served, are_processes, detail);
    if (are_new) {
        *detail = text_of("%s", are_processes ? _("a process per client, started when it connects")
                                              : _("a thread per client, started when it connects"));
        return are_processes ? MODEL_FORK : MODEL_THREAD;
    }
    *detail = text_of(
        are_processes ? _("more than %zu processes serve one client each, started before any came")
                      : _("more than %zu threads serve one client each, started before any came"),
        findings->crowd + shape->clients);
    return are_processes ? MODEL_PREFORK : MODEL_POOL;
}

/*** Not everybody ***/

static enum model describe_few(const struct findings *findings, char **detail)
{
    const struct shape *shape = &findings->silent;
    if (findings->served > 1 && count_different(shape, false) < findings->served)
        /* One task serves several of them, so the rest do not wait for a free worker. */
        return MODEL_UNKNOWN;
    if (findings->served > 1)
        return describe_pool(findings->served, count_different(shape, true) > 1, detail);
    if (findings->after != AFTER_NEXT_SERVED) {
        *detail = text_of("%s", findings->after == AFTER_ENDED
                                    ? _("serves one client and ends")
                                    : _("serves one client and nobody after it"));
        return MODEL_ONE_CLIENT;
    }
    *detail = text_of(
        "%s", shape->accepted > 1     ? _("one client at a time, though it accepts others")
              : shape->is_main_locked ? _("one client at a time, in a thread waited for at once")
                                      : _("one client at a time"));
    return MODEL_SEQUENTIAL;
}

enum model model_of(const struct findings *findings, char **detail)
{
    const struct shape *shape = &findings->silent;
    if (findings->served == 0)
        return MODEL_UNKNOWN;
    if (findings->served < shape->clients)
        return describe_few(findings, detail);
    if (findings->served_again != findings->served)
        return MODEL_UNKNOWN;
    if (all_are_in_loops(shape))
        return describe_loop(findings, detail);
    size_t waiters = count_different(shape, false);
    if (waiters == shape->clients)
        return describe_tasks(findings, detail);
    if (waiters == 0 && findings->is_restless) {
        *detail = text_of("%s", _("asks every client again and again and never waits"));
        return MODEL_BUSY_LOOP;
    }
    if (waiters == 0 && shape->has_ring) {
        *detail = text_of("%s", _("one ring or more, completions"));
        return MODEL_IO_URING;
    }
    return MODEL_UNKNOWN;
}
