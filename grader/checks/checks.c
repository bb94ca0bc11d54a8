#include "grader/checks/checks.h"

#include "base/language.h"
#include "grader/checks/ending.h"
#include "grader/checks/leaving.h"
#include "grader/checks/many.h"
#include "grader/checks/scene.h"
#include "grader/checks/spinning.h"
#include "grader/checks/talk.h"
#include "grader/checks/together.h"
#include "grader/oracle/answers_like.h"
#include "grader/play/conduct.h"

#include <string.h>

const struct check checks[] = {
    {CHECK_LISTENS, N_("the server starts and listens"), NULL, 0, CHECK_USUAL, play_listens},
    {"serves-one-client", N_("a client is served"), CHECK_LISTENS, 1, CHECK_USUAL, play_one_client},
    {CHECK_EVERY_CLIENT, N_("one client after the other is served"), "serves-one-client", 5,
     CHECK_USUAL, play_in_turn},
    {"no-close-wait", N_("the connection of a client that leaves is closed"), "serves-one-client",
     1, CHECK_USUAL, play_close_wait},
    {"split-message", N_("a message that comes in two pieces"), "serves-one-client", 1, CHECK_USUAL,
     play_split},
    {"split-letter", N_("a two-byte letter that comes in two pieces"), "split-message", 1,
     CHECK_USUAL, play_split_letter},
    {"merged-messages", N_("two messages in one piece"), "serves-one-client", 1, CHECK_USUAL,
     play_merged},
    {"large-message", N_("a message of 300 kB"), "serves-one-client", 1, CHECK_USUAL, play_large},
    {"second-client", N_("a second client while the first stays silent"), NULL, 2, CHECK_ON_REQUEST,
     play_second_client},
    {"second-client-afterwards", N_("the second client after the first has left"), "second-client",
     2, CHECK_GOES_ON, play_second_afterwards},
    {"second-client-waits", N_("a second client waits until the first leaves"), "serves-one-client",
     2, CHECK_ON_REQUEST, play_second_waits},
    {"second-client-served", N_("a second client is served while the first is silent"),
     "serves-one-client", 2, CHECK_USUAL, play_second_served},
    {"clients-do-not-mix", N_("32 clients, in turns, get their own answers"),
     "second-client-served", CROWD_PLAYERS, CHECK_USUAL, play_crowd},
    {"clients-at-once", N_("clients that come at the same moment"), "clients-do-not-mix",
     BURST_PLAYERS, CHECK_USUAL, play_burst},
    {"half-silent-client-stalls-nobody", N_("a client that stops in mid-message"),
     "second-client-served", 2, CHECK_USUAL, play_half_silent},
    {"slow-reader-stalls-nobody", N_("a client that requests much and reads nothing"),
     "second-client-served", 2, CHECK_USUAL, play_slow_reader},
    {"half-close-answered", N_("a client that ends its side and waits for the answer"),
     "serves-one-client", 1, CHECK_USUAL, play_half_close},
    {"reset-survived", N_("a client that aborts its connection"), CHECK_EVERY_CLIENT, 4,
     CHECK_USUAL, play_reset},
    {"queued-client-reset-survived", N_("a client that aborts before it is accepted"),
     CHECK_EVERY_CLIENT, 3, CHECK_USUAL, play_queued_reset},
    {"nothing-left-behind", N_("descriptors, threads and children do not grow"), CHECK_EVERY_CLIENT,
     LEFT_BEHIND_PLAYERS, CHECK_USUAL, play_left_behind},
    {"no-spinning", N_("the server sleeps when there is nothing to do"), CHECK_LISTENS,
     SPINNING_PLAYERS, CHECK_USUAL, play_spinning},
    {"stop-word-ends-session", N_("the stop word ends a client's session"), "serves-one-client", 2,
     CHECK_USUAL, play_stop_word},
    {"many-clients", N_("the last of 1100 clients is served"), "second-client-served", MANY_PLAYERS,
     CHECK_USUAL, play_many},
    {"is-model", N_("the server uses the required model"), "serves-one-client", 0, CHECK_USUAL,
     play_is_model},
    {"ends-when", N_("the server ends when it should"), CHECK_LISTENS, 2, CHECK_USUAL,
     play_ends_when},
    {CHECK_ANSWERS_LIKE, N_("random conversations are answered like the reference"), CHECK_LISTENS,
     1, CHECK_ON_REQUEST, play_answers_like},
    {"restart-at-once", N_("the server can be started again at once"), "serves-one-client", 1,
     CHECK_USUAL, play_restart},
    {"ends-on-SIGTERM", N_("SIGTERM ends the server and its processes"), CHECK_LISTENS, 1,
     CHECK_USUAL, play_sigterm},
    {.id = NULL},
};

const struct check *check_find(const char *id)
{
    for (const struct check *check = checks; check->id != NULL; check++)
        if (strcmp(check->id, id) == 0)
            return check;
    return NULL;
}

const char *check_missing_key(const struct check *check, const struct conduct *conduct)
{
    if (check->play == play_stop_word && conduct->stop_word == NULL)
        return "stop-word";
    if (check->play == play_is_model && conduct->model == NULL)
        return "model";
    if (check->play == play_ends_when && conduct->ends_when == NULL)
        return "ends-when";
    return NULL;
}

/* Does it send a message in pieces, a piece alone, or two in one piece? */
static bool divides_messages(const struct check *check)
{
    return check->play == play_split || check->play == play_split_letter ||
           check->play == play_merged || check->play == play_large ||
           check->play == play_half_silent;
}

/* Do its clients say nothing, or nothing that need be understood? */
static bool is_silent(const struct check *check)
{
    return check->play == play_listens || check->play == play_sigterm ||
           check->play == play_is_model || check->play == play_second_client ||
           check->play == play_second_afterwards || check->play == play_answers_like ||
           check->play == scene_play;
}

/* In a chat somebody must listen, and stays. */
static bool is_for_few(const struct check *check)
{
    return check->play == play_second_waits || check->play == play_ends_when;
}

/* Is there nothing of this kind among datagrams? */
static const char *unplayable_over_udp(const struct check *check)
{
    if (divides_messages(check))
        return N_("not played: over UDP a message is one datagram, and has no parts");
    if (check->play == play_close_wait || check->play == play_half_close ||
        check->play == play_queued_reset || check->play == play_stop_word)
        return N_("not played: over UDP there is no connection that ends");
    if (check->play == play_second_client || check->play == play_second_afterwards ||
        check->play == play_second_waits)
        return N_("not played: over UDP no client has the server for itself");
    if (check->play == play_slow_reader)
        return N_(
            "not played: over UDP what a client does not read is dropped, and holds up nobody");
    if (check->play == play_is_model)
        return N_("not played: a model is told by who holds which connection");
    return NULL;
}

const char *check_unplayable(const struct check *check, const struct conduct *conduct)
{
    const struct play_protocol *protocol = &conduct->protocol;
    const char *over_udp = conduct->transport == TRANSPORT_UDP ? unplayable_over_udp(check) : NULL;
    if (over_udp != NULL)
        return over_udp;
    bool has_own_word = check->play == play_split_letter || check->play == play_large;
    if (protocol->kind == PROTOCOL_NONE && !is_silent(check))
        return N_("not played: no 'protocol' says what clients say");
    if (check->play == play_large && protocol->kind == PROTOCOL_SINK)
        return N_("not played: only the end of the output is kept");
    if (has_own_word && !play_protocol_takes_any_word(protocol))
        return N_("not played: clients may only say what the protocol asks");
    if (divides_messages(check) && !play_protocol_is_stream(protocol))
        return N_("not played: each receive is a message, as messages have no line end");
    if (check->play == play_merged && protocol->closes)
        return N_("not played: the connection ends with the answer to the first message");
    if (check->play == play_slow_reader && protocol->large == NULL &&
        (protocol->kind == PROTOCOL_HTTP || protocol->closes))
        return N_(
            "not played: the protocol has no 'large', whose answer is more than buffers hold");
    if (is_for_few(check) && play_protocol_is_heard(protocol))
        return N_("not played: in a chat somebody else must be there to listen");
    return NULL;
}
