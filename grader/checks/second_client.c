#include "grader/checks/second_client.h"

#include "base/clock.h"
#include "base/language.h"
#include "grader/play/encounter.h"
#include "grader/play/evidence.h"
#include "grader/play/token.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The play, as it stands. */
struct play {
    struct encounter *encounter;
    const struct second_client_options *options;
    struct player *first;
    struct player *second;
    struct check_result *now; /* the check under way */
};

/* What the second client says; random, so that no server can know it before. Static, because a
 * predicate sees nothing but the scene; one scene is played at a time. */
static char token[TOKEN_BYTES];

/*** What is waited for ***/

static bool first_is_accepted(struct encounter *encounter)
{
    return encounter_is_accepted(encounter, &encounter->players[0]);
}

static bool second_is_answered(struct encounter *encounter)
{
    size_t length = strlen(token);
    return bytes_contain(&encounter->players[1].received, token, length) ||
           bytes_contain(&encounter->arena.output, token, length);
}

/* Its bytes have arrived at the server, as its empty send queue says, and are not in the queue any
 * more. If the server has closed meanwhile, then in order: bytes that nobody read the kernel
 * answers with a reset, after which the second client would have no row either. */
static bool second_is_read(struct encounter *encounter)
{
    const struct player *second = &encounter->players[1];
    const struct tcp_table *table = &encounter->settle.current.tcp;
    const struct tcp_row *ours = tcp_table_find(table, &second->local, &second->server);
    const struct tcp_row *theirs = encounter_server_row(encounter, second);
    if (!encounter->settle.current.is_consistent || ours == NULL || ours->send_queue > 0 ||
        (theirs != NULL && theirs->receive_queue > 0))
        return false;
    return ours->state == STATE_CLOSE_WAIT || (theirs != NULL && theirs->inode != 0);
}

/*** Findings ***/

static void find(struct play *play, enum verdict verdict, const char *finding, const char *hint)
{
    play->now->verdict = verdict;
    play->now->finding = finding;
    play->now->hint = hint;
}

static void find_not_listening(struct play *play, int outcome)
{
    json_t *evidence = play->now->evidence;
    if (outcome == OUTCOME_ENDED) {
        find(play, VERDICT_FAIL, _("ended before it listened"),
             _("The program ended before listen(): read its last output."));
    } else if (outcome == OUTCOME_SETTLED) {
        find(play, VERDICT_FAIL, _("does not listen"),
             _("The program waits for something else, perhaps for its keyboard, before listen()."));
        evidence_tasks(evidence, play->encounter);
    } else {
        find(play, VERDICT_INCONCLUSIVE, _("did not listen in time"),
             _("The program was still busy; give it more time with --patience."));
        play->now->decided_by = DECIDED_BY_TIMEOUT;
        evidence_tasks(evidence, play->encounter);
    }
    evidence_end(evidence, play->encounter);
}

static void add_all_rows(struct play *play)
{
    json_t *evidence = play->now->evidence;
    evidence_connection(evidence, play->encounter, play->second);
    evidence_listener(evidence, play->encounter);
    evidence_connection(evidence, play->encounter, play->first);
    evidence_tasks(evidence, play->encounter);
}

static void find_unseen(struct play *play)
{
    find(play, VERDICT_INCONCLUSIVE, _("cannot be inspected"),
         _("A process of it is stopped, or hides itself from inspection."));
    if (!encounter_is_stopped(play->encounter))
        play->now->decided_by = DECIDED_BY_TIMEOUT;
    add_all_rows(play);
}

static void find_ended(struct play *play)
{
    find(play, VERDICT_FAIL, _("the server ended"),
         _("A server that serves several clients goes on when one of them is silent or leaves."));
    evidence_end(play->now->evidence, play->encounter);
}

static void find_first_left(struct play *play)
{
    find(play, VERDICT_FAIL, _("closes a silent client"),
         _("The server closed the first client's connection although it had only been silent."));
    evidence_connection(play->now->evidence, play->encounter, play->first);
    evidence_tasks(play->now->evidence, play->encounter);
}

static void find_served(struct play *play, const char *finding)
{
    struct encounter *encounter = play->encounter;
    json_t *evidence = play->now->evidence;
    find(play, VERDICT_PASS, finding, NULL);
    if (bytes_contain(&play->second->received, token, strlen(token)))
        evidence_note(evidence, _("the second client got its own text back: %s"), token);
    else
        evidence_note(evidence, _("the server printed the second client's text: %s"), token);
    evidence_connection(evidence, encounter, play->second);
}

static void meet_expectation(struct play *play, enum expectation found, const char *hint)
{
    enum expectation expected = play->options->expectation;
    if (expected != EXPECT_NOTHING && expected != found) {
        play->now->verdict = VERDICT_FAIL;
        play->now->hint = hint;
    }
}

/*** What the second client met ***/

/* Its bytes lie at the server and nobody reads them: the connection stands, and the queue holds
 * what was sent. */
static bool second_is_unread(struct encounter *encounter)
{
    const struct tcp_row *row = encounter_server_row(encounter, &encounter->players[1]);
    return row != NULL && row->state == STATE_ESTABLISHED && row->receive_queue > 0;
}

/* Bytes came back, but not its own: an answer, if what it had said was read, and else only a
 * greeting or a refusal. */
static void find_answered_otherwise(struct play *play, const char *served)
{
    bool is_read = second_is_read(play->encounter);
    if (is_read)
        find(play, VERDICT_PASS, served, NULL);
    else
        find(play, VERDICT_FAIL, _("turned away"),
             _("The server accepted the second client and closed without reading what it had "
               "said."));
    evidence_note(play->now->evidence,
                  is_read ? _("%zu bytes came back, and what it had said was read")
                          : _("%zu bytes came back, and what it had said was not read"),
                  play->second->received.length);
    evidence_connection(play->now->evidence, play->encounter, play->second);
}

static void find_closed(struct play *play)
{
    find(play, VERDICT_FAIL, _("turned away"),
         _("The server closed the second client's connection without an answer."));
    evidence_note(play->now->evidence, _("the second client saw the end of its connection"));
}

static void find_unclear(struct play *play)
{
    bool is_read = second_is_read(play->encounter);
    find(play, VERDICT_INCONCLUSIVE, is_read ? _("read, but not answered") : _("unclear"),
         is_read
             ? _("What the second client said was read, but nothing came back and nothing was "
                 "printed: whether that is service cannot be seen.")
             : _("The server was still busy when the patience ended; --patience gives it more."));
    add_all_rows(play);
}

/* What became of the second client, from the outcome of waiting for its answer. True if it is
 * blocked; `served` and `blocked` are the findings for the two clear cases. */
static bool judge_second(struct play *play, int outcome, const char *served, const char *blocked)
{
    struct encounter *encounter = play->encounter;
    if (outcome == OUTCOME_TIMED_OUT || outcome == OUTCOME_SPINNING)
        play->now->decided_by = DECIDED_BY_TIMEOUT;
    if (outcome == OUTCOME_SEEN) {
        find_served(play, served);
    } else if (outcome == OUTCOME_ENDED) {
        find_ended(play);
    } else if (outcome == OUTCOME_UNSEEN) {
        find_unseen(play);
    } else if (second_is_unread(encounter)) {
        find(play, VERDICT_PASS, blocked, NULL);
        add_all_rows(play);
        return true;
    } else if (play->second->received.length > 0) {
        find_answered_otherwise(play, served);
    } else if (play->second->stream != STREAM_OPEN) {
        find_closed(play);
    } else {
        find_unclear(play);
    }
    return false;
}

/*** The acts ***/

static void find_no_accept(struct play *play, int outcome)
{
    find(play, VERDICT_FAIL, _("accepts nobody"), _("The server listens, but does not accept."));
    if (outcome != OUTCOME_SETTLED)
        play->now->decided_by = DECIDED_BY_TIMEOUT;
    evidence_listener(play->now->evidence, play->encounter);
    evidence_tasks(play->now->evidence, play->encounter);
}

/* Waits until the submission listens. An outcome other than OUTCOME_SEEN ends the play. */
static int await_listener(struct play *play)
{
    int outcome = encounter_wait(play->encounter, encounter_has_listener);
    if (outcome >= 0 && outcome != OUTCOME_SEEN)
        find_not_listening(play, outcome);
    return outcome;
}

/* The first client connects and is accepted. */
static int await_first(struct play *play)
{
    struct encounter *encounter = play->encounter;
    int error = player_connect(play->first, &encounter->arena, &encounter->server);
    if (error < 0 && !player_was_refused(error))
        return error;
    int outcome = error < 0 ? OUTCOME_SETTLED : encounter_wait(encounter, first_is_accepted);
    if (outcome == OUTCOME_ENDED)
        find_ended(play);
    else if (outcome == OUTCOME_UNSEEN)
        find_unseen(play);
    else if (outcome >= 0 && outcome != OUTCOME_SEEN && play->first->stream != STREAM_OPEN)
        find_first_left(play);
    else if (outcome >= 0 && outcome != OUTCOME_SEEN)
        find_no_accept(play, outcome);
    return outcome;
}

/* The stage must be set before the second client enters: the submission rests, and it still
 * listens, on one port, with the first client connected. */
static int await_stage(struct play *play)
{
    struct encounter *encounter = play->encounter;
    int outcome = encounter_wait(encounter, encounter_is_resting);
    if (outcome < 0)
        return outcome;
    if (outcome == OUTCOME_ENDED) {
        find_ended(play);
    } else if (encounter->port == 0 && encounter_count_ports(encounter) > 1) {
        find(play, VERDICT_INCONCLUSIVE, _("listens on several ports"),
             _("Which of them is meant? Name it with --port."));
    } else if (play->first->stream != STREAM_OPEN || !first_is_accepted(encounter)) {
        find_first_left(play);
    } else if (encounter_listener_row(encounter) == NULL) {
        find(play, VERDICT_FAIL, _("stops listening after the first client"),
             _("A server for several clients keeps its listener open."));
        evidence_listener(play->now->evidence, encounter);
    } else {
        return OUTCOME_SEEN;
    }
    return OUTCOME_SETTLED;
}

static int send_second(struct play *play)
{
    char line[TOKEN_BYTES + 1];
    snprintf(line, sizeof line, "%s\n", token);
    int error = player_connect(play->second, &play->encounter->arena, &play->encounter->server);
    return error < 0 ? error : player_say(play->second, line);
}

static void find_refused(struct play *play, int error)
{
    find(play, VERDICT_FAIL, _("the second client cannot connect"),
         error == -EINPROGRESS ? _("The accept queue is full: listen() with a larger backlog.")
                               : _("The listener was closed after the first client."));
    evidence_note(play->now->evidence, _("connecting the second client failed: %s"),
                  strerror(-error));
    evidence_listener(play->now->evidence, play->encounter);
    evidence_end(play->now->evidence, play->encounter);
}

/* The second client speaks while the first is silent. True in *blocked if it must wait. */
static int act_one(struct play *play, bool *blocked)
{
    int outcome = await_listener(play);
    if (outcome == OUTCOME_SEEN)
        outcome = await_first(play);
    if (outcome == OUTCOME_SEEN)
        outcome = await_stage(play);
    if (outcome != OUTCOME_SEEN)
        return outcome < 0 ? outcome : 0;
    int error = send_second(play);
    if (error < 0 && !player_was_refused(error))
        return error;
    if (error < 0) {
        find_refused(play, error);
        return 0;
    }
    outcome = encounter_wait(play->encounter, second_is_answered);
    if (outcome < 0)
        return outcome;
    *blocked = judge_second(play, outcome, _("served"), _("blocked"));
    bool is_first_held = first_is_accepted(play->encounter) && play->first->stream == STREAM_OPEN;
    if (play->now->verdict == VERDICT_PASS && !is_first_held)
        find_first_left(play);
    else if (*blocked)
        meet_expectation(play, EXPECT_BLOCKED,
                         _("Nobody serves the second client while the first is silent: give each "
                           "client a thread or a process, or wait for all of them in one loop."));
    else if (play->now->verdict == VERDICT_PASS)
        meet_expectation(play, EXPECT_SERVED,
                         _("A sequential server serves one client at a time; this one does not."));
    return 0;
}

static const char *hint_for_unserved(const struct play *play, int outcome)
{
    const struct tcp_row *first = encounter_server_row(play->encounter, play->first);
    if (outcome != OUTCOME_SETTLED)
        return _("The server never comes to rest. When a client has left, recv() gives an empty "
                 "answer at once, again and again: leave the loop then.");
    if (first != NULL && first->state == STATE_CLOSE_WAIT)
        return _("The first client has left, but the server still holds its connection "
                 "(CLOSE_WAIT): close it and accept the next.");
    return _("Once the first client has left, go back to accept().");
}

/* The first client leaves; is the second served now? */
static int act_two(struct play *play)
{
    player_say(play->first, play->options->farewell);
    player_leave(play->first);
    int outcome = encounter_wait(play->encounter, second_is_answered);
    if (outcome < 0)
        return outcome;
    if (judge_second(play, outcome, _("served after the first client left"),
                     _("not served after the first client left"))) {
        play->now->verdict = VERDICT_FAIL;
        play->now->hint = hint_for_unserved(play, outcome);
    }
    return 0;
}

static void begin_check(struct play *play, struct check_result *result, const char *id,
                        const char *title)
{
    *result = (struct check_result){.id = id, .title = title, .evidence = json_array()};
    play->now = result;
}

int second_client_play(struct encounter *encounter, const struct second_client_options *options,
                       struct check_result results[SECOND_CLIENT_CHECKS])
{
    struct play play = {
        .encounter = encounter,
        .options = options,
        .first = &encounter->players[0],
        .second = &encounter->players[1],
    };
    play.first->name = "the first client";
    play.second->name = "the second client";
    token_choose(&(struct token_source){0}, token, "");

    bool blocked = false;
    int64_t begin_ns = clock_now_ns();
    begin_check(&play, &results[0], "second-client",
                _("the second client, while the first stays silent"));
    int error = act_one(&play, &blocked);
    results[0].duration_ns = clock_now_ns() - begin_ns;

    begin_ns = clock_now_ns();
    begin_check(&play, &results[1], "second-client-afterwards",
                _("the second client, after the first has left"));
    if (blocked && error == 0)
        error = act_two(&play);
    else
        find(&play, VERDICT_SKIPPED, _("not played"), NULL);
    results[1].duration_ns = clock_now_ns() - begin_ns;
    return error;
}
