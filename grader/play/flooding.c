/* Theory of operation: one player is sent more than all buffers on the way to it hold, and does not
 * read. Where it gets what it asks for, it asks for much, or for something large; in a chat the
 * talker talks to it. The server reads no more, or has read all, when nothing moves.
 */
#include "grader/play/flooding.h"

#include "base/least.h"

#include <string.h>

#define FLOOD_SAMPLE ((size_t)64) /* what it is recognised by where it comes to another client */
#define FLOOD_BYTES  ((size_t)8 << 20) /* more than all buffers on the way there and back hold */

/* Of something large: no server need keep more than so many of its answers. */
#define LARGE_TIMES 8

/* How much of what the player sent the server has read; too much while bytes are under way. */
static size_t read_bytes(const struct encounter *encounter, const struct player *player)
{
    const struct tcp_row *ours = encounter_player_row(encounter, player);
    const struct tcp_row *theirs = encounter_server_row(encounter, player);
    size_t unread = ours != NULL ? ours->send_queue : 0;
    unread += theirs != NULL ? theirs->receive_queue : 0;
    return player->sent_bytes > unread ? player->sent_bytes - unread : 0;
}

/* The server reads no more, or has read all. Unsent answers alone prove nothing: the kernel may be
 * waiting for a timer before it fills the last gap in the client's window. */
static bool flood_has_stopped(struct encounter *encounter)
{
    if (!encounter->settle.is_at_rest || encounter->has_news)
        return false;
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct player *player = &encounter->players[i];
        const struct tcp_row *row = encounter_server_row(encounter, player);
        if ((!player->reads_nothing && !player->is_overlooked) || row == NULL)
            continue; /* neither the flooded one nor the talker */
        bool reads_no_more = row->receive_queue > 0 &&
                             (row->send_queue > 0 || encounter_is_stuck(encounter, player));
        bool has_read_all =
            player->outgoing.length == 0 && read_bytes(encounter, player) == player->sent_bytes;
        if (!reads_no_more && !has_read_all)
            return false;
    }
    return true;
}

/*** What is said ***/

/* A message as long as few servers expect; where the protocol has none, a line that no server need
 * understand. */
static void choose_long_message(struct act *act, size_t player, struct bytes *said)
{
    static const struct play_protocol lines = {.kind = PROTOCOL_ECHO};
    char word[65535];
    memset(word, 'x', sizeof word);
    const struct speech speech = {.word = word, .word_bytes = sizeof word};
    if (!play_protocol_takes_any_word(act_protocol(act))) {
        play_protocol_say(&lines, &speech, said);
        return;
    }
    struct message message = {0};
    act_choose_word(act, player, word, sizeof word, &message);
    bytes_append(said, bytes_front(&message.said), message.said.length);
    message_release(&message);
}

static void say_again_and_again(struct act *act, size_t player, const struct bytes *said,
                                size_t most_bytes)
{
    for (size_t count = 0; count < most_bytes && !act_is_over(act); count += said->length)
        player_say_bytes(&act->encounter->players[player], bytes_front(said), said->length);
}

/* Where nothing comes back nothing fills: more of it would only be more work. */
static size_t flood_bytes(const struct play_protocol *protocol)
{
    return protocol->kind == PROTOCOL_SINK ? 1 : FLOOD_BYTES;
}

/* It asks once for something large where the server closes with the answer. */
static void ask_much(struct act *act, size_t player)
{
    const struct play_protocol *protocol = act_protocol(act);
    struct message message = {0};
    struct bytes said = {0};
    bool has_large = act_choose_large(act, player, &said);
    if (has_large) {
        say_again_and_again(act, player, &said, protocol->closes ? 1 : LARGE_TIMES * said.length);
    } else if (protocol->kind == PROTOCOL_HTTP || protocol->closes) {
        act_choose_message(act, player, &message);
        say_again_and_again(act, player, &message.said, protocol->closes ? 1 : FLOOD_BYTES);
    } else {
        choose_long_message(act, player, &said);
        bytes_append(&act->encounter->players[player].flooded, bytes_front(&said),
                     least(FLOOD_SAMPLE, said.length));
        say_again_and_again(act, player, &said, flood_bytes(protocol));
    }
    message_release(&message);
    bytes_release(&said);
}

/*** In a chat ***/

/* Words of a length that no server refuses. */
#define TALK_WORD_BYTES 200

/* A client with short segments, and all on the way to it, holds less. */
#define TALK_BYTES ((size_t)3 << 20)

/* Those who heard it all would have much to read: only the flooded one is there. */
static void send_others_away(struct act *act, size_t player)
{
    for (size_t i = 0; i < act->encounter->player_count && !act_is_over(act); i++) {
        struct player *other = &act->encounter->players[i];
        if (i == player || !other->has_joined || other->is_overlooked)
            continue;
        act_close(act, i);
        player_renew(other);
    }
    act_rest(act);
}

static void be_talked_to(struct act *act, size_t player)
{
    size_t talker = act->encounter->player_count - 2;
    struct message message = {0};
    char word[TALK_WORD_BYTES];
    memset(word, 'x', sizeof word);
    send_others_away(act, player);
    act_greet(act, player);
    act_choose_word_to(act, talker, player, word, sizeof word, &message);
    act->encounter->players[player].reads_nothing = true;
    if (act->encounter->players[talker].fd < 0)
        act_enter(act, talker);
    act_greet(act, talker);
    say_again_and_again(act, talker, &message.said, TALK_BYTES);
    message_release(&message);
}

static void drop_unsaid(struct act *act)
{
    struct bytes *outgoing = &act->encounter->players[act->encounter->player_count - 2].outgoing;
    bytes_consume(outgoing, outgoing->length);
}

bool act_flood(struct act *act, size_t player)
{
    bool is_heard = play_protocol_is_heard(act_protocol(act));
    if (is_heard) {
        be_talked_to(act, player);
    } else {
        act->encounter->players[player].reads_nothing = true;
        ask_much(act, player);
    }
    if (act_is_over(act))
        return false;
    int outcome = act_go_on(act, await_reaction(act->encounter, flood_has_stopped, NULL));
    if (is_heard) /* the talker may leave now */
        drop_unsaid(act);
    return outcome == OUTCOME_SEEN;
}

size_t act_flood_read_bytes(struct act *act, size_t player)
{
    if (!act_is_over(act))
        act_go_on(act, await_reaction(act->encounter, flood_has_stopped, NULL));
    return read_bytes(act->encounter, &act->encounter->players[player]);
}
