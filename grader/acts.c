#include "grader/acts.h"

#include "base/memory.h"
#include "grader/evidence.h"
#include "grader/token.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define LINES 16

void act_find(struct act *act, enum verdict verdict, const char *finding, const char *hint)
{
    if (act->is_decided)
        return;
    act->is_decided = true;
    act->result->verdict = verdict;
    act->result->finding = finding;
    act->result->hint = hint;
}

static bool is_over(const struct act *act)
{
    return act->is_decided || act->error < 0;
}

const char *act_line(void)
{
    static char lines[LINES][TOKEN_BYTES];
    static size_t next;
    char *line = lines[next++ % LINES];
    token_choose(line, "\n");
    return line;
}

/*** Waiting ***/

static void find_ended(struct act *act)
{
    enum limit limit = act->scene->arena.limit;
    if (limit != LIMIT_NONE)
        act_find(act, VERDICT_FAIL, limit_text(limit), limit_hint(limit));
    int status = act->scene->arena.wait_status;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
        act_find(act, VERDICT_FAIL, "the server was ended by SIGPIPE",
                 "To write to a client that has left raises SIGPIPE: ignore that signal, and close "
                 "the socket when send() fails with EPIPE.");
    act_find(act, VERDICT_FAIL, "the server ended",
             "The server must go on whatever a client does: look at its last words.");
    evidence_end(act->result->evidence, act->scene);
}

static void find_unseen(struct act *act)
{
    act_find(act, VERDICT_INCONCLUSIVE, "cannot be inspected",
             "A process of the submission is stopped, or hides itself from inspection.");
    if (!scene_is_stopped(act->scene))
        act->result->decided_by = DECIDED_BY_TIMEOUT;
    evidence_tasks(act->result->evidence, act->scene);
}

bool act_await(struct act *act, scene_predicate *predicate)
{
    if (is_over(act))
        return false;
    act->scene->play = act;
    int outcome = scene_wait(act->scene, predicate);
    if (outcome < 0)
        act->error = outcome;
    else if (outcome == OUTCOME_ENDED)
        find_ended(act);
    else if (outcome == OUTCOME_UNSEEN)
        find_unseen(act);
    else if (outcome == OUTCOME_TIMED_OUT)
        act->result->decided_by = DECIDED_BY_TIMEOUT;
    return outcome == OUTCOME_SEEN;
}

void act_settle(struct act *act)
{
    act_await(act, scene_is_resting);
}

/*** Entering ***/

static bool all_are_accepted(struct scene *scene)
{
    for (size_t i = 0; i < scene->player_count; i++) {
        const struct player *player = &scene->players[i];
        const struct tcp_row *row = scene_server_row(scene, player);
        bool is_playing = player->fd >= 0 && !player->has_left && !player->has_seen_end;
        if (is_playing && (row == NULL || row->inode == 0))
            return false;
    }
    return true;
}

void act_connect(struct act *act, size_t player)
{
    if (is_over(act))
        return;
    int error =
        player_connect(&act->scene->players[player], &act->scene->arena, &act->scene->server);
    if (error < 0 && !player_was_refused(error)) {
        act->error = error;
        return;
    }
    if (error == 0)
        return;
    player_give_up(&act->scene->players[player]);
    act_settle(act); /* it may be about to end, and this is how it looks from outside */
    if (player_found_no_way(error))
        act_find(act, VERDICT_FAIL, "listens where no client can come",
                 "bind() an address of this machine: 127.0.0.1, or 0.0.0.0 for all of them.");
    act_find(act, VERDICT_FAIL, "a client cannot connect",
             error == -EINPROGRESS ? "The accept queue is full, and nobody takes from it: are all "
                                     "workers busy? Accept sooner, or listen() with a larger "
                                     "backlog."
                                   : "The listener is closed: keep it open for the next client.");
    evidence_listener(act->result->evidence, act->scene);
}

void act_enter(struct act *act, size_t player)
{
    act_connect(act, player);
    if (act_await(act, all_are_accepted) || is_over(act))
        return;
    if (act->scene->activity == ACTIVITY_SPINNING)
        act_find(act, VERDICT_FAIL, "a client is not accepted, and the server spins",
                 "Something fails again and again, perhaps accept() for want of descriptors: close "
                 "those of clients that have left, and look at errno.");
    act_find(act, VERDICT_FAIL, "a client is not accepted",
             "The server is busy with something else, and nobody calls accept().");
    evidence_connection(act->result->evidence, act->scene, &act->scene->players[player]);
    evidence_listener(act->result->evidence, act->scene);
    evidence_tasks(act->result->evidence, act->scene);
}

void act_connect_many(struct act *act, size_t first, size_t count)
{
    size_t room = scene_queue_room(act->scene);
    for (size_t i = 0; i < count && !is_over(act); i++) {
        act_connect(act, first + i);
        if (i % room == room - 1 || i + 1 == count)
            act_await(act, all_are_accepted);
    }
}

/*** Saying ***/

void act_say_silently(struct act *act, size_t player, const char *text)
{
    if (is_over(act))
        return;
    bytes_append(&act->parts[player].said, text, strlen(text));
    int error = player_say(&act->scene->players[player], text);
    if (error < 0 && !player_was_refused(error))
        act->error = error;
}

void act_say(struct act *act, size_t player, const char *text)
{
    if (is_over(act))
        return;
    struct part *part = &act->parts[player];
    for (const char *line = text; *line != '\0';) {
        size_t count = strcspn(line, "\n");
        count += line[count] == '\n';
        dialect_answer(&act->stage->plan->dialect, line, count, &part->expected);
        line += count;
    }
    act_say_silently(act, player, text);
}

void act_leave(struct act *act, size_t player)
{
    const char *word = act->stage->plan->stop_word;
    if (word != NULL) {
        act_say_silently(act, player, word);
        act_say_silently(act, player, "\n");
    }
    if (!is_over(act))
        player_leave(&act->scene->players[player]);
}

#define FLOOD_BYTES ((size_t)8 << 20) /* more than all buffers on the way there and back hold */

/* The server cannot get rid of its answers any more, or reads no more, or has read it all and
 * answered nothing. */
static bool flood_has_stopped(struct scene *scene)
{
    if (!scene->settle.is_quiet || scene->has_news)
        return false;
    for (size_t i = 0; i < scene->player_count; i++) {
        const struct player *player = &scene->players[i];
        const struct tcp_row *row = scene_server_row(scene, player);
        if (!player->reads_nothing || row == NULL || row->send_queue > 0)
            continue;
        bool reads_no_more = row->receive_queue > 0 && scene_is_stuck(scene, player);
        bool is_all_read = row->receive_queue == 0 && player->outgoing.length == 0;
        if (!reads_no_more && !is_all_read)
            return false;
    }
    return true;
}

void act_flood(struct act *act, size_t player)
{
    static char flood[65536];
    memset(flood, 'x', sizeof flood - 1);
    flood[sizeof flood - 1] = '\n';
    act->scene->players[player].reads_nothing = true;
    for (size_t said = 0; said < FLOOD_BYTES && !is_over(act); said += sizeof flood)
        player_say_bytes(&act->scene->players[player], flood, sizeof flood);
    act_await(act, flood_has_stopped);
}

/*** Answers ***/

/* Each expected line must stand somewhere in the output. */
static bool is_printed(const struct act *act, const struct part *part)
{
    const char *line = bytes_front(&part->expected);
    const char *end = line + part->expected.length;
    while (line < end) {
        const char *line_end = memchr(line, '\n', (size_t)(end - line));
        size_t count = line_end != NULL ? (size_t)(line_end - line) : (size_t)(end - line);
        if (!bytes_contain(&act->scene->arena.output, line, count))
            return false;
        line += count + 1;
    }
    return true;
}

bool act_is_answered(const struct act *act, size_t player)
{
    const struct part *part = &act->parts[player];
    if (part->expected.length == 0)
        return true;
    if (act->stage->plan->dialect.kind == DIALECT_PRINTS)
        return is_printed(act, part);
    const struct bytes *received = &act->scene->players[player].received;
    return received->length >= part->expected.length;
}

static size_t count_unanswered(const struct act *act)
{
    size_t unanswered = 0;
    for (size_t i = 0; i < act->scene->player_count; i++)
        unanswered += !act_is_answered(act, i);
    return unanswered;
}

/* Or it is known that one of them will not be. */
static bool all_are_answered(struct scene *scene)
{
    const struct act *act = scene->play;
    bool is_answered = true;
    for (size_t i = 0; i < scene->player_count; i++) {
        if (act_is_answered(act, i))
            continue;
        if (scene_is_stuck(scene, &scene->players[i]))
            return true;
        is_answered = false;
    }
    return is_answered;
}

/* What came is what was expected, as far as both go, and not more. */
static bool is_right(const struct act *act, size_t player)
{
    bool is_owed_nothing = act->parts[player].expected.length == 0; /* what it said may come back */
    if (act->stage->plan->dialect.kind == DIALECT_PRINTS || is_owed_nothing)
        return true;
    const struct bytes *expected = &act->parts[player].expected;
    const struct bytes *received = &act->scene->players[player].received;
    return received->length <= expected->length &&
           (received->length == 0 ||
            memcmp(bytes_front(received), bytes_front(expected), received->length) == 0);
}

static void add_rows(struct act *act, size_t player)
{
    evidence_connection(act->result->evidence, act->scene, &act->scene->players[player]);
    evidence_tasks(act->result->evidence, act->scene);
}

/* Whose words have come back here? */
static bool is_of_another(const struct act *act, size_t player)
{
    const struct bytes *received = &act->scene->players[player].received;
    for (size_t i = 0; i < act->scene->player_count; i++) {
        const struct bytes *other = &act->parts[i].said;
        if (i != player && other->length > 0 && other->length <= received->length &&
            bytes_contain(received, bytes_front(other), other->length))
            return true;
    }
    return false;
}

static void find_wrong(struct act *act, size_t player)
{
    const struct player *one = &act->scene->players[player];
    evidence_note(act->result->evidence, "%s got %zu bytes, and %zu were expected", one->name,
                  one->received.length, act->parts[player].expected.length);
    if (is_of_another(act, player))
        act_find(act, VERDICT_FAIL, "an answer went to another client",
                 "What one client said came to another: each needs its own buffer and socket.");
    else if (act->hint != NULL)
        act_find(act, VERDICT_FAIL, "the answer is wrong", act->hint);
    else if (one->received.length > act->parts[player].expected.length)
        act_find(act, VERDICT_FAIL, "more was answered than was asked for",
                 "Send just what was received, as many bytes as recv() returned.");
    else
        act_find(act, VERDICT_FAIL, "the answer is wrong",
                 "What came back differs from what should have: compare byte by byte.");
}

static bool is_short_of_line_end(const struct act *act, size_t player)
{
    const struct bytes *expected = &act->parts[player].expected;
    const struct bytes *received = &act->scene->players[player].received;
    return expected->length > 1 && received->length + 1 == expected->length &&
           is_right(act, player) && bytes_front(expected)[expected->length - 1] == '\n';
}

static void find_unanswered(struct act *act, size_t player, const char *who, const char *hint)
{
    const struct player *one = &act->scene->players[player];
    const struct bytes *expected = &act->parts[player].expected;
    evidence_note(act->result->evidence, "%s got %zu of %zu bytes", one->name, one->received.length,
                  expected->length);
    add_rows(act, player);
    if (one->was_reset)
        act_find(
            act, VERDICT_FAIL, "the connection was reset",
            "A server that closes while something is unread aborts the connection: read first, "
            "and end with close() only.");
    else if (one->has_seen_end && one->received.length < expected->length)
        act_find(act, VERDICT_FAIL, "the connection was closed before the answer",
                 act->hint != NULL
                     ? act->hint
                     : "Answer before you close, and keep the connection until the client leaves.");
    else if (is_short_of_line_end(act, player))
        act_find(act, VERDICT_FAIL, "the answer lacks its line's end",
                 "All came back but the end of the line: whoever reads lines waits for it. Answer "
                 "with the line end that strip() took off.");
    else
        act_find(act, VERDICT_FAIL, who, hint);
}

void act_compare_answers(struct act *act)
{
    for (size_t i = 0; i < act->scene->player_count && !is_over(act); i++)
        if (!is_right(act, i))
            find_wrong(act, i);
}

/* What was printed goes out of sight when more is. */
static void forget_printed(struct act *act)
{
    if (act->stage->plan->dialect.kind != DIALECT_PRINTS)
        return;
    for (size_t i = 0; i < act->scene->player_count; i++)
        bytes_consume(&act->parts[i].expected, act->parts[i].expected.length);
}

void act_await_answers(struct act *act, const char *who, const char *hint)
{
    act_await(act, all_are_answered);
    size_t unanswered = is_over(act) ? 0 : count_unanswered(act);
    if (is_over(act))
        return;
    if (unanswered > 1)
        evidence_note(act->result->evidence, "%zu of %zu clients are not answered", unanswered,
                      act->scene->player_count);
    act_compare_answers(act);
    for (size_t i = 0; i < act->scene->player_count && !act->is_decided; i++)
        if (!act_is_answered(act, i))
            find_unanswered(act, i, who, hint);
    if (!act->is_decided)
        forget_printed(act);
}
