/* Theory of operation: a datagram has no connection, no end, no order and no pieces. Whatever an
 * assignment says of these has no meaning over UDP, and is refused with what to write instead.
 */
#include "grader/grading/assignment_check_transport.h"

#include "base/datagrams.h"
#include "base/memory.h"

#include <string.h>

/*** The assignment ***/

static bool has_port(const struct assignment *assignment)
{
    bool all_rows_have = assignment->rows_count > 0;
    for (unsigned i = 0; i < assignment->rows_count; i++)
        all_rows_have &= assignment->rows[i].port != NULL;
    return assignment->conduct.port != 0 || all_rows_have ||
           assignment_main_program(assignment) != NULL;
}

static bool greets_by_lines(const struct play_protocol *protocol)
{
    for (unsigned i = 0; i < protocol->greeting_count; i++)
        if (protocol->greeting[i].expect_line_patterns_count > 0)
            return true;
    return false;
}

static char *check_protocol(const struct play_protocol *protocol, struct place *place)
{
    bool has_connections = protocol->kind == PROTOCOL_HTTP || protocol->kind == PROTOCOL_CHAT;
    const struct {
        const char *key;
        bool is_there;
        const char *trouble;
    } all[] = {
        {"kind", has_connections,
         "'kind: http' and 'kind: chat' need connections; over UDP there are echo, prefix, sink "
         "and exchange"},
        {"frame", protocol->frame_bytes > 0,
         "'frame' is for streams; a datagram has its own length"},
        {"closes", protocol->closes, "'closes' is for connections; over UDP there are none"},
        {"large", protocol->large != NULL,
         "'large' is for 'slow-reader-stalls-nobody', which is not played over UDP"},
        {"greeting", greets_by_lines(protocol),
         "'expect-line-pattern' is for streams; over UDP write 'expect-pattern', for the next "
         "datagram"},
    };
    place->section = "protocol";
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        place->key = all[i].key;
        if (all[i].is_there)
            return text_of("%s", all[i].trouble);
    }
    return NULL;
}

static bool ends_with_clients(const char *ends_when)
{
    return ends_when != NULL && strcmp(ends_when, ENDS_WHEN_ENTER) != 0;
}

char *assignment_check_transport(const struct assignment *assignment, struct place *place)
{
    const struct conduct *conduct = &assignment->conduct;
    *place = (struct place){.key = "transport"};
    if (conduct->transport != TRANSPORT_UDP)
        return NULL;
    if (!has_port(assignment))
        return text_of("'port' is missing: over UDP only the port tells the server's socket");
    place->key = "stop-word";
    if (conduct->stop_word != NULL)
        return text_of("over UDP a session has no end that a client could see: write the stop word "
                       "in a scene");
    place->key = "ends-when";
    if (ends_with_clients(conduct->ends_when))
        return text_of("over UDP no client leaves: only 'ends-when: enter' can be seen");
    for (unsigned i = 0; i < assignment->rows_count; i++)
        if (ends_with_clients(assignment->rows[i].ends_when)) {
            *place = (struct place){.section = "matrix", .entry = i + 1, .key = "ends-when"};
            return text_of("over UDP no client leaves: only 'ends-when: enter' can be seen");
        }
    *place = (struct place){0};
    return check_protocol(&conduct->protocol, place);
}

/*** Steps ***/

bool assignment_step_is_udp(const struct assignment *assignment, const struct assigned_check *scene,
                            const struct step *step)
{
    size_t count = 0;
    char *const *clients = step_clients(step, &count);
    bool all_are = count > 0;
    for (size_t i = 0; i < count; i++)
        all_are &=
            assigned_transport(scene, clients[i], assignment->conduct.transport) == TRANSPORT_UDP;
    return all_are;
}

static bool any_is_udp(const struct assignment *assignment, const struct assigned_check *scene,
                       const struct step *step)
{
    size_t count = 0;
    char *const *clients = step_clients(step, &count);
    for (size_t i = 0; i < count; i++)
        if (assigned_transport(scene, clients[i], assignment->conduct.transport) == TRANSPORT_UDP)
            return true;
    return false;
}

bool assignment_listens_over_udp(const struct assignment *assignment,
                                 const struct assigned_check *scene, unsigned before,
                                 const char *client)
{
    if (assigned_transport(scene, client, assignment->conduct.transport) != TRANSPORT_UDP)
        return false;
    for (unsigned i = 0; i < before; i++)
        if (scene->steps[i].deed == DEED_LISTEN && step_is_of(&scene->steps[i], client))
            return true;
    return false;
}

/* By deed: what to write instead. */
static const char *const impossible_deeds[] = {
    [DEED_HALF_CLOSE] = "over UDP there is no side to end; 'do: close' closes the client's socket",
    [DEED_RESET] = "over UDP there is no connection to reset; 'do: close' closes the socket",
    [DEED_STOP_READING] = "over UDP what nobody reads is dropped, and the server is not told",
    [DEED_RESUME_READING] = "over UDP what nobody reads is dropped, and the server is not told",
};

static const char *const impossible_events[] = {
    [EVENT_END] = "over UDP nothing tells the end of a session; write 'expect-event: nothing'",
    [EVENT_RESET] = "over UDP there is no connection to reset; write 'expect-event: nothing'",
    [EVENT_ACCEPTED] = "over UDP no client is accepted: send something, and expect the answer",
    [EVENT_WAITING] = "over UDP no client waits to be accepted; write 'expect-event: nothing'",
};

static const char *impossible_key(const struct step *step, struct place *place)
{
    const struct {
        const char *key;
        bool is_there;
        const char *trouble;
    } all[] = {
        {"send-slowly", step->send_slowly != NULL,
         "over UDP each byte would be a datagram of its own; write 'send'"},
        {"http", step->http != NULL, "HTTP needs a connection; over UDP write 'send'"},
        {"expect-http", step->expect_http != NULL,
         "HTTP needs a connection; over UDP write 'expect' or 'expect-pattern'"},
        {"expect-line-pattern", step->expect_line_patterns != NULL,
         "over UDP a datagram is expected as a whole; write 'expect' or 'expect-pattern'"},
        {"expect-states", step->expect_states != NULL, "UDP has no states; leave the step out"},
        {"rate", step->rate != NULL, "over UDP a step is one datagram, which has no rate"},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        place->key = all[i].key;
        if (all[i].is_there)
            return all[i].trouble;
    }
    return NULL;
}

static const char *impossible(const struct assignment *assignment, const struct step *step,
                              struct place *place)
{
    static const size_t deeds = sizeof impossible_deeds / sizeof impossible_deeds[0];
    place->key = "do";
    if (step->deed < deeds && impossible_deeds[step->deed] != NULL)
        return impossible_deeds[step->deed];
    if (step->deed == DEED_JOIN && assignment->conduct.protocol.kind == PROTOCOL_CHAT)
        return "a chat needs connections; over UDP write its steps";
    if (step->deed == DEED_ACCEPT && assignment->conduct.role == ROLE_SERVER)
        return "over UDP nothing is accepted: after 'do: listen' the client gets what is sent to "
               "its port";
    place->key = "expect-event";
    if (impossible_events[step->expect_event] != NULL)
        return impossible_events[step->expect_event];
    return impossible_key(step, place);
}

/* Has something come to which it could answer? */
static bool has_got(const struct assigned_check *scene, unsigned before, const char *client)
{
    for (unsigned i = 0; i < before; i++) {
        const struct step *step = &scene->steps[i];
        bool gets = step->expect != NULL || step->expect_patterns != NULL;
        if (gets && step_is_of(step, client))
            return true;
    }
    return false;
}

static char *check_sending(const struct assignment *assignment, const struct assigned_check *scene,
                           unsigned number, struct place *place)
{
    const struct step *step = &scene->steps[number];
    size_t count = 0;
    char *const *clients = step_clients(step, &count);
    place->key = "send";
    if (step->send == NULL)
        return NULL;
    if (step->send->repeat != NULL &&
        strlen(step->send->repeat) * (size_t)step->send->times > DATAGRAM_MAX_BYTES)
        return text_of("over UDP a step sends one datagram, of at most %zu bytes",
                       DATAGRAM_MAX_BYTES);
    for (size_t i = 0; i < count; i++)
        if (assignment_listens_over_udp(assignment, scene, number, clients[i]) &&
            !has_got(scene, number, clients[i]))
            return text_of("the client '%s' does not know yet where to send: it answers whoever "
                           "has sent something to its port, which a step above must expect",
                           clients[i]);
    return NULL;
}

/* All that comes to the one port is one client's. */
static bool accepts_again(const struct assigned_check *scene, unsigned number)
{
    const struct step *step = &scene->steps[number];
    bool is_again = step->deed == DEED_ACCEPT && step->clients_count > 1;
    for (unsigned i = 0; i < number && step->deed == DEED_ACCEPT; i++)
        is_again |= scene->steps[i].deed == DEED_ACCEPT;
    return is_again;
}

char *assignment_check_step_transport(const struct assignment *assignment,
                                      const struct assigned_check *scene, unsigned number,
                                      struct place *place)
{
    const struct step *step = &scene->steps[number];
    place->key = "transport";
    if (step->transport != STEP_AS_ASSIGNED && step->deed != DEED_CONNECT &&
        step->deed != DEED_LISTEN)
        return text_of("'transport' belongs to 'do: connect' or 'do: listen'");
    if (!any_is_udp(assignment, scene, step))
        return NULL;
    const char *trouble = impossible(assignment, step, place);
    if (trouble != NULL)
        return text_of("%s", trouble);
    place->key = "do";
    if (accepts_again(scene, number))
        return text_of("over UDP all that comes to the port is one client's: 'do: accept' once");
    return check_sending(assignment, scene, number, place);
}

char *assignment_check_port(const struct assignment *assignment, const struct assigned_check *scene,
                            const struct step *step, struct place *place)
{
    bool listens = step->deed == DEED_LISTEN || step->deed == DEED_ACCEPT;
    place->key = "port";
    if (step->port != 0 && !listens)
        return text_of("'port' belongs to 'do: listen' or 'do: accept'");
    if (step->deed == DEED_LISTEN && step->port == 0)
        return text_of("'port' is missing: where the client listens");
    if (step->port != 0 && step->clients_count > 1)
        return text_of("only one client can listen on a port");
    bool is_same = assignment->conduct.port == step->port &&
                   assignment_step_is_udp(assignment, scene, step) ==
                       (assignment->conduct.transport == TRANSPORT_UDP);
    return step->port != 0 && is_same
               ? text_of("%u is the port of the assignment; clients listen on another one",
                         (unsigned)step->port)
               : NULL;
}
