#include "grader/play/evidence.h"

#include "base/language.h"
#include "base/least.h"
#include "base/memory.h"
#include "grader/play/encounter.h"
#include "grader/play/evidence_row.h"
#include "observe/wait.h"
#include "observe/waiting/said.h"
#include "text/printable.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define TASKS_SHOWN ((size_t)20)

/* From each end of the output: of a submission, and of what builds one, whose first error counts.
 */
#define OUTPUT_SHOWN_BYTES ((size_t)400)
#define BUILD_SHOWN_BYTES  ((size_t)2000)

/* Of two texts that part, so much is shown from there on. */
#define PARTING_BYTES ((size_t)40)

void evidence_parting(json_t *evidence, const struct bytes *came, const struct bytes *wanted)
{
    size_t at = 0;
    while (at < came->length && at < wanted->length &&
           bytes_front(came)[at] == bytes_front(wanted)[at])
        at++;
    if (at == 0 || at == came->length || at == wanted->length)
        return;
    char *one = bytes_shown(bytes_front(came) + at, came->length - at, PARTING_BYTES);
    char *other = bytes_shown(bytes_front(wanted) + at, wanted->length - at, PARTING_BYTES);
    evidence_note(evidence, _("they part at byte %zu: \"%s\" instead of \"%s\""), at, one, other);
    free(one);
    free(other);
}

void evidence_compared(json_t *evidence, const char *name, const struct bytes *came,
                       const struct bytes *wanted)
{
    evidence_note(evidence, _("%s got %zu bytes instead of %zu"), name, came->length,
                  wanted->length);
    char *came_shown = bytes_shown(bytes_front(came), came->length, SHOWN_BYTES);
    char *wanted_shown = bytes_shown(bytes_front(wanted), wanted->length, SHOWN_BYTES);
    evidence_note(evidence, _("it got \"%s\" instead of \"%s\""), came_shown, wanted_shown);
    free(came_shown);
    free(wanted_shown);
    evidence_parting(evidence, came, wanted);
}

/*** Output ***/

/* What it printed: all of it, or how it begins and how it ends, with so many bytes each. */
static void add_output(json_t *evidence, const struct arena *arena, size_t shown_bytes)
{
    const struct bytes *output = &arena->output;
    int64_t unseen_bytes = arena->output_bytes - (int64_t)(2 * shown_bytes);
    size_t head_bytes = unseen_bytes > 0 ? shown_bytes : 0;
    size_t tail_bytes = least(output->length, unseen_bytes > 0 ? shown_bytes : 2 * shown_bytes);
    if (tail_bytes == 0 && unseen_bytes <= 0)
        return;
    char *head = evidence_excerpt(bytes_front(&arena->output_head), head_bytes);
    char *tail = evidence_excerpt(bytes_front(output) + (output->length - tail_bytes), tail_bytes);
    evidence_add(
        evidence, json_pack("{s:I}", "bytes", (json_int_t)arena->output_bytes), "output",
        unseen_bytes > 0
            ? text_of(_("its output begins with: %s\n(%llu bytes not shown)\nand ends with: %s"),
                      head, (unsigned long long)unseen_bytes, tail)
            : text_of(_("its output: %s"), tail));
    free(head);
    free(tail);
}

/* It stands there once, however much of it. */
static bool has_output(const json_t *evidence)
{
    size_t i = 0;
    const json_t *row = NULL;
    json_array_foreach (evidence, i, row) {
        const char *kind = json_string_value(json_object_get(row, "kind"));
        if (kind != NULL && strcmp(kind, "output") == 0)
            return true;
    }
    return false;
}

void evidence_printed_since(json_t *evidence, const struct encounter *encounter, int64_t bytes)
{
    const struct arena *arena = &encounter->arena;
    int64_t printed_bytes = arena->output_bytes - bytes;
    if (printed_bytes <= 0 || has_output(evidence))
        return;
    size_t shown_bytes =
        least((size_t)printed_bytes, least(arena->output.length, 2 * OUTPUT_SHOWN_BYTES));
    const char *end = bytes_front(&arena->output) + arena->output.length;
    char *shown = evidence_excerpt(end - shown_bytes, shown_bytes);
    evidence_add(evidence, json_pack("{s:I}", "bytes", (json_int_t)printed_bytes), "output",
                 text_of((int64_t)shown_bytes < printed_bytes
                             ? _("it printed meanwhile, at last: %s")
                             : _("it printed meanwhile: %s"),
                         shown));
    free(shown);
}

/*** Sockets ***/

static json_t *describe_row(const struct tcp_row *row)
{
    char local[ADDRESS_TEXT_BYTES];
    char remote[ADDRESS_TEXT_BYTES];
    return json_pack("{s:s, s:s, s:s, s:i, s:i, s:i}",             //
                     "state", tcp_state_name(row->state),          //
                     "local", address_text(&row->local, local),    //
                     "remote", address_text(&row->remote, remote), //
                     "receive_queue", (int)row->receive_queue,     //
                     "send_queue", (int)row->send_queue,           //
                     "inode", (int)row->inode);
}

static const char *meaning_of_inode(const struct tcp_row *row)
{
    if (row->inode != 0)
        return _("accepted");
    return row->state == STATE_ESTABLISHED || row->state == STATE_SYN_RECV
               ? _("no process has accepted it")
               : _("no process has it any more");
}

void evidence_connection(json_t *evidence, const struct encounter *encounter,
                         const struct player *player)
{
    bool is_client = encounter->listener_fd > 0; /* and is served by us */
    if (player->transport == TRANSPORT_UDP) {
        evidence_udp_client(evidence, encounter, player);
        return;
    }
    const struct tcp_row *row = encounter_server_row(encounter, player);
    if (row == NULL) {
        evidence_note(evidence,
                      is_client ? _("the submission has no connection to %s any more")
                                : _("the server has no connection of %s any more"),
                      player->name);
        return;
    }
    evidence_add(
        evidence, describe_row(row), "socket",
        text_of(is_client ? _("%s's connection is %s at the submission, inode %u (%s), with %u "
                              "bytes unread")
                          : _("%s's connection is %s at the server, inode %u (%s), with %u bytes "
                              "unread"),
                player->name, tcp_state_name(row->state), row->inode, meaning_of_inode(row),
                row->receive_queue));
}

static void add_listener(json_t *evidence, const struct tcp_row *row)
{
    char local[ADDRESS_TEXT_BYTES];
    evidence_add(evidence, describe_row(row), "socket",
                 text_of(_("the listener %s has %u connections in its accept queue (limit %u)"),
                         address_text(&row->local, local), row->receive_queue, row->send_queue));
}

void evidence_listener(json_t *evidence, const struct encounter *encounter)
{
    const struct tcp_row *row = encounter_listener_row(encounter);
    if (encounter->transport == TRANSPORT_UDP)
        evidence_udp_sockets(evidence, encounter);
    else if (row == NULL)
        evidence_note(evidence, _("the server does not listen any more"));
    else
        add_listener(evidence, row);
}

void evidence_any_listener(json_t *evidence, const struct encounter *encounter)
{
    const struct tcp_row *row = snapshot_find_listener(&encounter->settle.current, 0, NULL);
    if (row != NULL)
        add_listener(evidence, row);
}

/*** Tasks ***/

/* What a task waits on: for people, "the first client", and the same in all languages. */
struct waited_for {
    const char *name;
    const char *id;
};

static struct waited_for what_is_waited_for(const struct encounter *encounter,
                                            const struct task *task, const struct wait *wait)
{
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct player *player = &encounter->players[i];
        if (wait_is_on_socket(wait, task, encounter_server_inode(encounter, player)))
            return (struct waited_for){player->name, player->id};
    }
    const char *id = encounter_listener_id(encounter);
    if (wait_is_on_socket(wait, task, encounter->listener_inode))
        return (struct waited_for){_(id), id};
    return (struct waited_for){NULL, NULL};
}

static void add_task(json_t *evidence, const struct encounter *encounter, const struct task *task)
{
    struct wait wait;
    wait_read(&wait, task);
    struct waited_for on = what_is_waited_for(encounter, task, &wait);
    char state[2] = {task->state, '\0'};
    char *name = name_shown(task->name);
    json_t *row = json_pack("{s:i, s:i, s:s, s:s, s:s?, s:I, s:s?}",         //
                            "pid", (int)task->pid, "tid", (int)task->tid,    //
                            "name", name, "state", state, "call", wait.call, //
                            "switches", (json_int_t)task->switches, "waits_on", on.id);
    evidence_add(evidence, row, "task", task_said(task, name, wait.call, on.name));
    free(name);
}

void evidence_tasks(json_t *evidence, const struct encounter *encounter)
{
    const struct task_list *tasks = &encounter->settle.current.tasks;
    for (size_t i = 0; i < least(tasks->count, TASKS_SHOWN); i++)
        add_task(evidence, encounter, &tasks->tasks[i]);
    if (tasks->count > TASKS_SHOWN)
        evidence_note(evidence, _("and %zu more tasks"), tasks->count - TASKS_SHOWN);
}

void evidence_ended_process(json_t *evidence, int pid, const char *name)
{
    char *shown = name_shown(name);
    evidence_add(evidence, json_pack("{s:i, s:s}", "pid", pid, "name", shown), "task",
                 text_of(_("process %d (%s) has ended meanwhile"), pid, shown));
    free(shown);
}

/*** The end ***/

static void add_limit(json_t *evidence, const struct arena *arena, const char *sentence)
{
    char *limit = limit_described(arena->limit, arena->limits);
    evidence_add(evidence, json_pack("{s:s}", "limit", limit_text(arena->limit)), "end",
                 text_of("%s: %s", sentence, limit));
    free(limit);
}

static void add_status(json_t *evidence, int status, bool is_build)
{
    if (WIFSIGNALED(status))
        evidence_add(evidence, json_pack("{s:i}", "signal", WTERMSIG(status)), "end",
                     text_of(is_build ? _("the build was ended by signal %d (%s)")
                                      : _("the submission was ended by signal %d (%s)"),
                             WTERMSIG(status), signal_said(WTERMSIG(status))));
    else
        evidence_add(evidence, json_pack("{s:i}", "exit_code", WEXITSTATUS(status)), "end",
                     text_of(is_build ? _("the build ended with exit code %d")
                                      : _("the submission ended with exit code %d"),
                             WEXITSTATUS(status)));
}

void evidence_end(json_t *evidence, const struct encounter *encounter)
{
    const struct arena *arena = &encounter->arena;
    if (arena->limit != LIMIT_NONE)
        add_limit(evidence, arena, _("the submission was ended by a limit"));
    else if (arena->has_ended)
        add_status(evidence, arena->wait_status, false);
    add_output(evidence, arena, OUTPUT_SHOWN_BYTES);
}

void evidence_end_of_build(json_t *evidence, const struct encounter *encounter)
{
    const struct arena *arena = &encounter->arena;
    if (arena->limit != LIMIT_NONE) {
        add_limit(evidence, arena, _("the build was ended by a limit"));
    } else if (arena->has_ended) {
        add_status(evidence, arena->wait_status, true);
    } else {
        evidence_note(evidence, _("the build waits for something that does not come"));
        evidence_tasks(evidence, encounter);
    }
    add_output(evidence, arena, BUILD_SHOWN_BYTES);
}

void evidence_run(json_t *evidence, const struct encounter *encounter, size_t number)
{
    const struct arena_run run = arena_look_at(&encounter->arena, number);
    if (number == ARENA_SUBMISSION) {
        evidence_end(evidence, encounter);
        return;
    }
    char *name = name_shown(run.name);
    if (run.has_ended && WIFSIGNALED(run.wait_status))
        evidence_add(evidence,
                     json_pack("{s:s, s:i}", "program", name, "signal", WTERMSIG(run.wait_status)),
                     "end",
                     text_of(_("%s was ended by signal %d (%s)"), name, WTERMSIG(run.wait_status),
                             signal_said(WTERMSIG(run.wait_status))));
    else if (run.has_ended)
        evidence_add(
            evidence,
            json_pack("{s:s, s:i}", "program", name, "exit_code", WEXITSTATUS(run.wait_status)),
            "end", text_of(_("%s ended with exit code %d"), name, WEXITSTATUS(run.wait_status)));
    size_t shown = least(run.output.length, 2 * OUTPUT_SHOWN_BYTES);
    char *tail = evidence_excerpt(bytes_front(&run.output) + (run.output.length - shown), shown);
    if (shown > 0)
        evidence_add(
            evidence,
            json_pack("{s:s, s:I}", "program", name, "bytes", (json_int_t)run.output_bytes),
            "output", text_of(_("the output of %s ends with: %s"), name, tail));
    free(tail);
    free(name);
}

void evidence_besides(json_t *evidence, const struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->beside_count; i++) {
        const struct encounter *beside = &encounter->besides[i];
        const struct bytes *output = &beside->arena.output;
        size_t shown = least(output->length, 2 * OUTPUT_SHOWN_BYTES);
        char *tail = evidence_excerpt(bytes_front(output) + (output->length - shown), shown);
        if (shown > 0)
            evidence_add(evidence, json_pack("{s:s}", "program", beside->name), "output",
                         text_of(_("the output of %s, which is the assignment's, ends with: %s"),
                                 beside->name, tail));
        free(tail);
    }
}
