#include "grader/play/causes.h"

#include "base/language.h"
#include "grader/play/evidence.h"
#include "observe/descriptor.h"
#include "observe/proc.h"
#include "observe/runtime.h"

#include <string.h>
#include <sys/wait.h>

/*** Descriptors ***/

/* How many the process may have; SIZE_MAX if that cannot be read. */
static size_t descriptor_limit(pid_t process)
{
    char text[4096];
    bool is_read = proc_read(text, sizeof text, "/proc/%d/limits", process) > 0;
    const char *line = is_read ? strstr(text, "Max open files") : NULL;
    return line != NULL ? (size_t)proc_number_after(line, "Max open files") : SIZE_MAX;
}

/* Accepting needs one, so a process that lacks them holds all but perhaps the one it has just tried
 * to use. */
static bool lacks_descriptors(const struct encounter *encounter, json_t *evidence)
{
    const struct task_list *tasks = &encounter->settle.current.tasks;
    for (size_t i = 0; i < tasks->count; i++) {
        const struct task *task = &tasks->tasks[i];
        if (task->pid != task->tid || task->state == 'Z')
            continue;
        size_t limit = descriptor_limit(task->pid);
        size_t open = process_descriptor_count(task->pid, limit);
        if (open == 0 || open < limit)
            continue;
        evidence_note(evidence, _("process %d has %zu of %zu descriptors open"), task->pid, open,
                      limit);
        return true;
    }
    return false;
}

/*** The end of a client ***/

/* A client has left, the server has read that, and still has the connection. */
static bool holds_a_leaver(const struct encounter *encounter, json_t *evidence)
{
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct player *player = &encounter->players[i];
        const struct tcp_row *row = encounter_server_row(encounter, player);
        if (!player->has_left || row == NULL || row->state != STATE_CLOSE_WAIT || row->inode == 0 ||
            row->receive_queue > 0)
            continue;
        evidence_connection(evidence, encounter, player);
        return true;
    }
    return false;
}

/*** Causes ***/

const char *cause_of_not_accepting(const struct encounter *encounter, json_t *evidence,
                                   const char *otherwise)
{
    if (lacks_descriptors(encounter, evidence))
        return _("It has no descriptor left to accept a client with: close() those of clients that "
                 "have left, and raise the limit (RLIMIT_NOFILE) for more clients at once.");
    if (encounter->activity != ACTIVITY_SPINNING)
        return otherwise;
    if (holds_a_leaver(encounter, evidence))
        return _("When a client has left, recv() returns nothing at once, again and again: leave "
                 "the loop then, close the socket, and accept the next client.");
    return _("Something runs again and again and never waits: look at what each call in the loop "
             "returns, and at errno where it fails.");
}

/* A StreamReader's readline() raises an exception then, and the task of the client ends in silence:
 * Python 3.11 prints nothing of it, and nobody closes the connection. */
const char *cause_of_losing_a_line(const struct encounter *encounter, size_t player)
{
    const struct task_list *tasks = &encounter->settle.current.tasks;
    if (encounter->players[player].received.length > 0)
        return NULL;
    for (size_t i = 0; i < tasks->count; i++)
        if (tasks->tasks[i].pid == tasks->tasks[i].tid && runtime_has_asyncio(&tasks->tasks[i]))
            return _("readline() and readuntil() of asyncio take no more than 64 kB by default: "
                     "give start_server() a larger limit=, or read() pieces.");
    return NULL;
}

/*** UDP ***/

/* All sockets that stand at the server's port. */
struct at_port {
    bool any_is_bound;
    bool any_is_connected;
    bool any_has_unread;
    bool any_has_dropped;
};

static struct at_port look_at_port(const struct encounter *encounter)
{
    const struct udp_table *table = &encounter->settle.current.udp;
    uint16_t port = address_port(&encounter->server);
    struct at_port found = {0};
    for (size_t i = 0; i < table->count; i++) {
        const struct udp_row *row = &table->rows[i];
        if (address_port(&row->local) != port || row->inode == 0)
            continue;
        found.any_is_bound |= !row->is_connected;
        found.any_is_connected |= row->is_connected;
        found.any_has_unread |= row->receive_queue > 0;
        found.any_has_dropped |= row->drops > 0;
    }
    return found;
}

const char *cause_of_no_datagram(const struct encounter *encounter, const struct player *player)
{
    const struct at_port found = look_at_port(encounter);
    if (player->listens)
        return NULL;
    if (found.any_is_connected)
        return _("connect() makes a UDP socket deaf to all clients but one: do not connect() the "
                 "one that is bound to the port, but answer with sendto().");
    if (player->stream == STREAM_REFUSED || !found.any_is_bound)
        return _("No socket is bound to the port any more: keep the one that is, it serves all "
                 "clients.");
    if (found.any_has_unread)
        return _("The datagram lies unread: go back to recvfrom() after each answer.");
    if (found.any_has_dropped)
        return _("Datagrams came faster than they were read, and the kernel dropped those that it "
                 "had no room for: read sooner.");
    return _("The datagram was read: answer with sendto() to the address that recvfrom() has "
             "returned with it.");
}

const char *cause_of_ending(const struct encounter *encounter)
{
    int status = encounter->arena.wait_status;
    bool is_in_order = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return is_in_order ? _("It ended in order, as if it were done: when a client leaves or says "
                           "goodbye, end its session, and not the loop that accepts the next.")
                       : _("The server must keep running whatever a client does: look at its last "
                           "output.");
}
