#include "grader/checks/absence.h"

#include "base/language.h"
#include "grader/play/act.h"
#include "grader/play/evidence.h"

#include <sys/wait.h>

/* POSIX: 126 if a command is not executable, 127 if it is not found. */
static bool shell_could_not_run(int wait_status)
{
    return WIFEXITED(wait_status) &&
           (WEXITSTATUS(wait_status) == 126 || WEXITSTATUS(wait_status) == 127);
}

/* A row at the port that somebody has, connected or not. */
static const struct udp_row *find_udp_at(const struct udp_table *table, uint16_t port,
                                         bool is_connected)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct udp_row *row = &table->rows[i];
        if (row->inode != 0 && row->is_connected == is_connected &&
            address_port(&row->local) == port)
            return row;
    }
    return NULL;
}

/* Does somebody listen where it should, and cannot be seen to be one of its processes? */
static bool is_hidden_listener(const struct act *act)
{
    const struct tcp_table *table = &act->encounter->settle.current.tcp;
    uint16_t port = act->encounter->port;
    if (act->encounter->transport == TRANSPORT_UDP)
        return find_udp_at(&act->encounter->settle.current.udp, port, false) != NULL;
    return port != 0 ? tcp_table_find_listener(table, port) != NULL
                     : encounter_count_ports(act->encounter) > 0;
}

static bool listens_anywhere(const struct encounter *encounter)
{
    return encounter->transport == TRANSPORT_UDP
               ? snapshot_find_udp(&encounter->settle.current, 0, NULL) != NULL
               : encounter_count_ports(encounter) > 0;
}

void absence_find_other(struct act *act)
{
    struct encounter *encounter = act->encounter;
    const struct snapshot *current = &encounter->settle.current;
    bool is_udp = encounter->transport == TRANSPORT_UDP;
    if (!is_udp) {
        encounter->arena.subject.watches_udp = true;
        if (snapshot_begin(&encounter->settle.current, &encounter->arena.subject) < 0)
            return; /* which is no business of one that is to serve TCP */
    }
    if (is_udp && find_udp_at(&current->udp, encounter->port, true) != NULL)
        act_find(act, VERDICT_FAIL, _("its UDP socket hears one address only"),
                 _("connect() makes a UDP socket deaf to all clients but one: do not connect() the "
                   "one that is bound to the port."));
    if (is_udp && snapshot_find_listener(current, encounter->port, NULL) != NULL)
        act_find(
            act, VERDICT_FAIL, _("listens over TCP, not over UDP"),
            _("Make it a UDP socket (SOCK_DGRAM): bind() it, then recvfrom() and sendto(). UDP "
              "has no listen() and no accept()."));
    if (!is_udp && snapshot_find_udp(current, encounter->port, NULL) != NULL)
        act_find(act, VERDICT_FAIL, _("listens over UDP, not over TCP"),
                 _("Make it a TCP socket (SOCK_STREAM), and call listen() and accept()."));
}

/* The finding for what ended the wait for a listener. */
static void name_absence(struct act *act, int outcome)
{
    const struct arena *arena = &act->encounter->arena;
    bool is_udp = act->encounter->transport == TRANSPORT_UDP;
    bool is_absent = outcome == OUTCOME_SETTLED || outcome == OUTCOME_TIMED_OUT;
    act_note_outcome(act, outcome);
    act_find_limit(act);
    if (outcome == OUTCOME_ENDED && shell_could_not_run(arena->wait_status))
        act_find(act, VERDICT_FAIL, _("cannot be run"),
                 _("Its first line must name an existing program (#!) without a Windows line end, "
                   "and the file must be executable."));
    if (outcome == OUTCOME_ENDED)
        act_find(act, VERDICT_FAIL, _("ended before it listened"), _("Read its output."));
    if (is_absent && arena->has_ended)
        act_find(act, VERDICT_FAIL, _("ended, and the processes it left running do not listen"),
                 _("The program goes into the background, and no process there calls listen()."));
    if (is_absent && is_hidden_listener(act))
        act_find_unseen(act);
    if (is_absent && !act_is_over(act))
        absence_find_other(act);
    if (is_absent && listens_anywhere(act->encounter))
        act_find(act, VERDICT_FAIL, _("listens on another port"), _("bind() the required port."));
    if (is_absent && is_udp && snapshot_has_socket(&act->encounter->settle.current))
        act_find(act, VERDICT_FAIL, _("has a socket that is not bound to the port"),
                 _("Make it a UDP socket (AF_INET, SOCK_DGRAM), and bind() it to the required "
                   "port."));
    if (is_absent && snapshot_has_socket(&act->encounter->settle.current))
        act_find(act, VERDICT_FAIL, _("has a socket that does not listen"),
                 _("Make it a TCP socket (AF_INET, SOCK_STREAM), and call listen() after bind()."));
    if (outcome == OUTCOME_SETTLED)
        act_find(act, VERDICT_FAIL, _("does not listen"),
                 is_udp ? _("The program waits for something else, perhaps the keyboard, before "
                            "bind().")
                        : _("The program waits for something else, perhaps the keyboard, before "
                            "listen()."));
    if (outcome == OUTCOME_UNSEEN)
        act_find_unseen(act);
    act_find(act, VERDICT_FAIL, _("did not listen in time"),
             _("If it needs so long to start, allow more time with --patience."));
}

void absence_find(struct act *act, int outcome)
{
    name_absence(act, outcome);
    if (encounter_count_ports(act->encounter) > 0)
        evidence_any_listener(act->result->evidence, act->encounter);
    evidence_udp_all(act->result->evidence, act->encounter);
    evidence_tasks(act->result->evidence, act->encounter);
    evidence_end(act->result->evidence, act->encounter);
}
