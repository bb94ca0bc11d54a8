#include "grader/play/evidence.h"

#include "base/language.h"
#include "base/least.h"
#include "base/memory.h"
#include "grader/play/encounter.h"
#include "observe/wait.h"
#include "text/printable.h"

#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define TASKS_SHOWN ((size_t)20)

/* From each end of the output. */
#define OUTPUT_SHOWN_BYTES ((size_t)400)

/* Far more than checks repeat; so that many rows are not compared with as many others. */
#define ROWS_COMPARED ((size_t)256)

/* Seeing the same row of the kernel twice proves nothing more. */
static bool stands_there(const json_t *evidence, const json_t *row)
{
    size_t count = json_array_size(evidence);
    size_t first = count > ROWS_COMPARED ? count - ROWS_COMPARED : 0;
    for (size_t i = count; i-- > first;)
        if (json_equal(json_array_get(evidence, i), row))
            return true;
    return false;
}

/* Takes ownership of `row` and `text`. Adds the row with its kind and text, unless it is there. */
static void add(json_t *evidence, json_t *row, const char *kind, char *text)
{
    json_object_set_new(row, "kind", json_string(kind));
    json_object_set_new(row, "text", json_string(text));
    if (stands_there(evidence, row))
        json_decref(row);
    else
        json_array_append_new(evidence, row);
    free(text);
}

/* Text that the submission may have chosen, made harmless; to be freed. */
static char *excerpt(const char *from, size_t length)
{
    struct bytes text = {0};
    printable_append(&text, from, length);
    return bytes_take_text(&text);
}

void evidence_note(json_t *evidence, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    add(evidence, json_object(), "note", excerpt(text, length < 0 ? 0 : (size_t)length));
    free(text);
}

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

/*** Output ***/

/* What it printed: all of it, or how it begins and how it ends. */
static void add_output(json_t *evidence, const struct arena *arena)
{
    const struct bytes *output = &arena->output;
    int64_t unseen_bytes = arena->output_bytes - (int64_t)(2 * OUTPUT_SHOWN_BYTES);
    size_t head_bytes = unseen_bytes > 0 ? OUTPUT_SHOWN_BYTES : 0;
    size_t tail_bytes =
        least(output->length, unseen_bytes > 0 ? OUTPUT_SHOWN_BYTES : 2 * OUTPUT_SHOWN_BYTES);
    if (tail_bytes == 0 && unseen_bytes <= 0)
        return;
    char *head = excerpt(bytes_front(&arena->output_head), head_bytes);
    char *tail = excerpt(bytes_front(output) + (output->length - tail_bytes), tail_bytes);
    add(evidence, json_pack("{s:I}", "bytes", (json_int_t)arena->output_bytes), "output",
        unseen_bytes > 0 ? text_of("its output begins with: %s\n(%" PRId64
                                   " bytes not shown)\nand ends with: %s",
                                   head, unseen_bytes, tail)
                         : text_of("its output: %s", tail));
    free(head);
    free(tail);
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
        return "accepted";
    return row->state == STATE_ESTABLISHED || row->state == STATE_SYN_RECV
               ? "no process has accepted it"
               : "no process has it any more";
}

void evidence_connection(json_t *evidence, const struct encounter *encounter,
                         const struct player *player)
{
    const char *who =
        encounter->listener_fd > 0 ? "submission" : "server"; /* a client is served by us */
    const struct tcp_row *row = encounter_server_row(encounter, player);
    if (row == NULL) {
        evidence_note(evidence, "the %s has no connection of %s any more", who, player->name);
        return;
    }
    add(evidence, describe_row(row), "socket",
        text_of("%s's connection is %s at the %s, inode %u (%s), with %u bytes unread",
                player->name, tcp_state_name(row->state), who, row->inode, meaning_of_inode(row),
                row->receive_queue));
}

static void add_listener(json_t *evidence, const struct tcp_row *row)
{
    char local[ADDRESS_TEXT_BYTES];
    add(evidence, describe_row(row), "socket",
        text_of("the listener %s has %u connections in its accept queue (limit %u)",
                address_text(&row->local, local), row->receive_queue, row->send_queue));
}

void evidence_listener(json_t *evidence, const struct encounter *encounter)
{
    const struct tcp_row *row = encounter_listener_row(encounter);
    if (row == NULL)
        evidence_note(evidence, "the server does not listen any more");
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

/* What the task waits on, in words: "the first client", "the listener". */
static const char *name_of_wait(const struct encounter *encounter, const struct task *task,
                                const struct wait *wait)
{
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct tcp_row *row = encounter_server_row(encounter, &encounter->players[i]);
        if (row != NULL && wait_is_on_socket(wait, task, row->inode))
            return encounter->players[i].name;
    }
    if (wait_is_on_socket(wait, task, encounter->listener_inode))
        return "the listener";
    return NULL;
}

static void add_task(json_t *evidence, const struct encounter *encounter, const struct task *task)
{
    struct wait wait;
    wait_read(&wait, task);
    const char *on = name_of_wait(encounter, task, &wait);
    char state[2] = {task->state, '\0'};
    char *name = name_shown(task->name);
    json_t *row = json_pack("{s:i, s:i, s:s, s:s, s:s?, s:I, s:s?}",         //
                            "pid", (int)task->pid, "tid", (int)task->tid,    //
                            "name", name, "state", state, "call", wait.call, //
                            "switches", (json_int_t)task->switches, "waits_on", on);
    add(evidence, row, "task",
        task_is_stopped(task) ? text_of("task %d (%s) is stopped", task->tid, name)
        : task->call < 0
            ? text_of("task %d (%s) is in state %s and in no system call", task->tid, name, state)
            : text_of("task %d (%s) sleeps in %s%s%s", task->tid, name,
                      wait.call != NULL ? wait.call : "a system call", on != NULL ? " on " : "",
                      on != NULL ? on : ""));
    free(name);
}

void evidence_tasks(json_t *evidence, const struct encounter *encounter)
{
    const struct task_list *tasks = &encounter->settle.current.tasks;
    for (size_t i = 0; i < least(tasks->count, TASKS_SHOWN); i++)
        add_task(evidence, encounter, &tasks->tasks[i]);
    if (tasks->count > TASKS_SHOWN)
        evidence_note(evidence, "and %zu more tasks", tasks->count - TASKS_SHOWN);
}

/*** The end ***/

/* Like strsignal(), but not translated: the kernel's rows are the same in all languages. */
static const char *name_of_signal(int number)
{
    const char *name = sigdescr_np(number);
    return name != NULL ? name : "Real-time signal";
}

void evidence_end(json_t *evidence, const struct encounter *encounter)
{
    int status = encounter->arena.wait_status;
    if (encounter->arena.limit != LIMIT_NONE)
        add(evidence, json_pack("{s:s}", "limit", limit_text(encounter->arena.limit)), "end",
            text_of("the submission was ended, as it %s", limit_text(encounter->arena.limit)));
    else if (encounter->arena.has_ended && WIFSIGNALED(status))
        add(evidence, json_pack("{s:i}", "signal", WTERMSIG(status)), "end",
            text_of("the submission was ended by signal %d (%s)", WTERMSIG(status),
                    name_of_signal(WTERMSIG(status))));
    else if (encounter->arena.has_ended)
        add(evidence, json_pack("{s:i}", "exit_code", WEXITSTATUS(status)), "end",
            text_of("the submission ended with exit code %d", WEXITSTATUS(status)));
    add_output(evidence, &encounter->arena);
}
