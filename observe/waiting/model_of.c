/* Theory of operation: first, how many of three clients were served while the others were silent;
 * then, which tasks wait for them. All served: one task that waits for several is a loop; a task
 * for each is a thread or a process, of a pool if it was there before, or serves again after its
 * client has left. Fewer served: that many at a time. A task that works before it receives is seen
 * to wait only when its client has spoken, so there are two shapes to look at.
 */
#include "observe/waiting/model_of.h"

#include "base/bytes.h"
#include "base/language.h"
#include "base/least.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

size_t findings_count_served(const struct visited *visited)
{
    return visited->served + (visited->closed > 0 ? 0 : visited->late);
}

/* Has a new task come for each client, that waits for a client alone - if not each for its own? */
static bool has_new_tasks(const struct findings *findings, const struct shape *shape)
{
    return shape->tasks >= findings->before.tasks + shape->clients &&
           shape_count_own_waiters(shape) >= shape->clients;
}

/* Has a task of its own a ring of io_uring for each client? Whom a ring serves cannot be seen. */
static bool has_ring_for_each(const struct findings *findings, const struct shape *shape)
{
    return shape_count_waiters(shape, false) == 0 &&
           shape->rings >= findings->before.rings + shape->clients;
}

static const struct shape *choose_shape(const struct findings *findings)
{
    const struct visited *first = &findings->first;
    if (shape_is_telling(&first->silent) || has_new_tasks(findings, &first->silent))
        return &first->silent;
    bool is_better = first->silent.accepted == 0 || shape_is_telling(&first->spoken) ||
                     has_new_tasks(findings, &first->spoken);
    return is_better ? &first->spoken : &first->silent;
}

bool findings_show_tasks(const struct findings *findings)
{
    const struct shape *shape = choose_shape(findings);
    return shape_has_task_for_each(shape) || has_new_tasks(findings, shape) ||
           has_ring_for_each(findings, shape);
}

/*** One loop ***/

/* Runtimes that bring an event loop of their own. */
static bool is_runtime(const char *program)
{
    static const char *const runtimes[] = {"node", "java", "dotnet", "beam.smp", "deno", "bun"};
    for (size_t i = 0; i < sizeof runtimes / sizeof runtimes[0]; i++)
        if (strcmp(program, runtimes[i]) == 0)
            return true;
    return false;
}

static enum model model_of_call(const char *call)
{
    if (strncmp(call, "epoll", strlen("epoll")) == 0)
        return MODEL_EPOLL;
    return strcmp(call, "poll") == 0 || strcmp(call, "ppoll") == 0 ? MODEL_POLL : MODEL_SELECT;
}

/* The call of a loop that has been seen at rest without clients, or whose epoll set watches them,
 * where it never rests with them; NULL: there is none. */
static const char *find_spinning_loop(const struct findings *findings, const struct shape *shape)
{
    const struct shape *before = &findings->before;
    size_t watched = 0;
    for (size_t i = 0; i < shape->clients; i++)
        watched += shape->holds[i].epoll_events != 0;
    if (!findings->is_restless || shape_count_waiters(shape, false) > 0)
        return NULL;
    if (watched >= findings_count_served(&findings->first))
        return "epoll_wait";
    return before->loop_call != NULL && before->loop_pid == shape->holds[0].owner
               ? before->loop_call
               : NULL;
}

static void describe_exceptions(struct bytes *text, const struct findings *findings)
{
    size_t served = findings_count_served(&findings->first);
    if (served < findings->first.silent.clients)
        bytes_print(text, _(", for no more than %zu clients at a time"), served);
    if (findings->first.late > 0)
        bytes_print(text, "%s", _("; others wait until one has spoken"));
    if (findings->is_restless)
        bytes_print(text, "%s", _("; it never sleeps while clients are connected"));
}

static enum model describe_loop(const struct findings *findings, const struct shape *shape,
                                const char *call, char **detail)
{
    enum model model = model_of_call(call);
    struct bytes text = {0};
    if (findings->workers > 0)
        bytes_print(&text, _("%s loop + %zu workers"), model_names[model], findings->workers);
    else
        bytes_print(&text, _("%s loop"), model_names[model]);
    if (model == MODEL_EPOLL)
        bytes_print(&text, ", %s",
                    shape->holds[0].epoll_events & (uint32_t)EPOLLET ? _("edge-triggered")
                                                                     : _("level-triggered"));
    if (shape->loop_processes > 1)
        bytes_print(&text, _(", in %zu processes"), shape->loop_processes);
    else if (shape->loops > 1)
        bytes_print(&text, _(", in %zu threads"), shape->loops);
    if (is_runtime(findings->program))
        bytes_print(&text, _(", by the runtime %s"), findings->program);
    describe_exceptions(&text, findings);
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

static const char *describe_new_tasks(const struct findings *findings, size_t before,
                                      bool are_processes)
{
    const struct shape *silent = &findings->first.silent;
    bool are_late = (are_processes ? silent->processes : silent->tasks) < before + silent->clients;
    if (findings->first.late > 0 && are_late)
        return are_processes ? _("a process per client, started when it has spoken; until then no "
                                 "other client is accepted")
                             : _("a thread per client, started when it has spoken; until then no "
                                 "other client is accepted");
    if (findings->first.late > 0)
        return are_processes
                   ? _("a process per client, started when it connects; others wait until it "
                       "has spoken")
                   : _("a thread per client, started when it connects; others wait until it "
                       "has spoken");
    return are_processes ? _("a process per client, started when it connects")
                         : _("a thread per client, started when it connects");
}

static enum model describe_tasks(const struct findings *findings, const struct shape *shape,
                                 char **detail)
{
    bool are_processes = shape_count_waiters(shape, false) > 0
                             ? shape_count_waiters(shape, true) > 1
                             : shape->processes > findings->before.processes;
    size_t before = are_processes ? findings->before.processes : findings->before.tasks;
    size_t with = are_processes ? shape->processes : shape->tasks;
    size_t most = are_processes ? findings->crowded.processes : findings->crowded.tasks;
    size_t all = shape->clients + findings->crowd;
    size_t served = shape->clients + findings->crowd_served;
    bool are_new = with >= before + shape->clients;
    if (!are_new && findings->crowd > 0) /* sending a silent one away makes room for the next */
        served = least(served, least(most, findings->most_held));
    /* Where each has a task of its own, who is not served does not wait for one. */
    if (served < all && most < before + all)
        return describe_pool(served, are_processes, detail);
    if (!are_new) {
        *detail = text_of(
            are_processes
                ? _("more than %zu processes serve one client each, started before any came")
                : _("more than %zu threads serve one client each, started before any came"),
            all);
        return are_processes ? MODEL_PREFORK : MODEL_POOL;
    }
    if (findings->has_reused_waiters) {
        *detail = text_of("%s", are_processes
                                    ? _("processes serve one client each, are started when none is "
                                        "free, and serve again")
                                    : _("threads serve one client each, are started when none is "
                                        "free, and serve again"));
        return are_processes ? MODEL_PREFORK : MODEL_POOL;
    }
    *detail = text_of("%s", describe_new_tasks(findings, before, are_processes));
    return are_processes ? MODEL_FORK : MODEL_THREAD;
}

/*** Not everybody ***/

static const char *describe_sequential(const struct findings *findings)
{
    if (findings->after == AFTER_SPUN)
        return _("one client at a time; when it left, the server spun and served nobody else");
    if (findings->first.silent.accepted > 1)
        return _("one client at a time, though it accepts others");
    return findings->has_new_waiter ? _("one client at a time, in a thread waited for at once")
                                    : _("one client at a time");
}

static enum model describe_few(const struct findings *findings, char **detail)
{
    const struct shape *shape = &findings->first.silent;
    size_t served = findings_count_served(&findings->first);
    const char *spinning = find_spinning_loop(findings, shape);
    if (served > 1 && spinning != NULL)
        return describe_loop(findings, shape, spinning, detail);
    if (served > 1 && shape_count_in_loops(shape) >= served)
        return describe_loop(findings, shape, shape->holds[0].call, detail);
    if (served > 1 && shape_count_waiters(shape, false) < served)
        /* One task serves several of them, so the rest do not wait for a free worker. */
        return MODEL_UNKNOWN;
    if (served > 1)
        return describe_pool(served, shape_count_waiters(shape, true) > 1, detail);
    if (findings->after == AFTER_ENDED || findings->after == AFTER_NOBODY_SERVED) {
        *detail = text_of("%s", findings->after == AFTER_ENDED
                                    ? _("serves one client and ends")
                                    : _("serves one client and nobody after it"));
        return MODEL_ONE_CLIENT;
    }
    *detail = text_of("%s", describe_sequential(findings));
    return MODEL_SEQUENTIAL;
}

/*** Hints ***/

static char *hint_of(const struct findings *findings, enum model model)
{
    const struct visited *first = &findings->first;
    if (model == MODEL_UNKNOWN)
        return NULL;
    if (model == MODEL_THREAD && findings->shared.tasks > 0)
        return text_of(_("%zu threads wait on client %zu's connection, and none on another's: give "
                         "each thread a descriptor of its own, not the address of one variable."),
                       findings->shared.tasks, findings->shared.client + 1);
    if (findings->after == AFTER_SPUN)
        return text_of("%s", _("When a client has left, recv() returns nothing at once, again and "
                               "again: leave the loop then."));
    if (findings->is_restless)
        return text_of("%s", _("It never sleeps, though its clients are silent: wait without a "
                               "time limit, and ask for room to write only while there is "
                               "something to write."));
    if (first->late > 0 && first->closed == 0)
        return text_of("%s", _("A client that says nothing keeps all others waiting: receive its "
                               "first words where the rest is received."));
    return NULL;
}

/*** All ***/

static enum model describe_all(const struct findings *findings, const struct shape *shape,
                               char **detail)
{
    size_t waiters = shape_count_waiters(shape, false);
    if (shape_count_in_loops(shape) == shape->clients)
        return describe_loop(findings, shape, shape->holds[0].call, detail);
    if (waiters == shape->clients || has_new_tasks(findings, shape))
        return describe_tasks(findings, shape, detail);
    const char *spinning = find_spinning_loop(findings, shape);
    if (spinning != NULL)
        return describe_loop(findings, shape, spinning, detail);
    if (waiters == 0 && findings->is_restless) {
        *detail = text_of("%s", _("asks every client again and again and never waits"));
        return MODEL_BUSY_LOOP;
    }
    if (has_ring_for_each(findings, shape))
        return describe_tasks(findings, shape, detail);
    if (waiters == 0 && shape->rings > 0) {
        *detail = text_of("%s", _("one ring or more, completions"));
        return MODEL_IO_URING;
    }
    return MODEL_UNKNOWN;
}

static enum model find_model(const struct findings *findings, char **detail)
{
    const struct shape *shape = choose_shape(findings);
    size_t served = findings_count_served(&findings->first);
    if (served == 0 || findings->first.has_failed)
        return MODEL_UNKNOWN;
    if (has_new_tasks(findings, shape))
        return describe_tasks(findings, shape, detail);
    if (served < shape->clients)
        return describe_few(findings, detail);
    if (findings->has_second && findings_count_served(&findings->second) != served)
        return MODEL_UNKNOWN;
    return describe_all(findings, shape, detail);
}

enum model model_of(const struct findings *findings, char **detail, char **hint)
{
    enum model model = find_model(findings, detail);
    *hint = hint_of(findings, model);
    return model;
}
