/* Theory of operation: a message has words; each is said, and each gives answers, to the one who
 * speaks and, in a chat, to those who hear it. A chat has two players more than its check: one who
 * listens where nobody else would, and one who talks without end so that another one is flooded.
 */
#include "grader/play/speaking.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/play/answers.h"
#include "grader/protocols/speech.h"

#include <stdlib.h>
#include <string.h>

static struct player *player_of(const struct act *act, size_t player)
{
    return &act->encounter->players[player];
}

static void say_silently(struct act *act, size_t player, const struct bytes *text)
{
    act_say_silently(act, player, bytes_front(text), text->length);
}

/*** The cast ***/

#define CHAT_EXTRAS ((size_t)2)

size_t speaking_extras(const struct play_protocol *protocol)
{
    return play_protocol_is_heard(protocol) ? CHAT_EXTRAS : 0;
}

static size_t listener_of(const struct act *act)
{
    return act->encounter->player_count - 1;
}

static size_t talker_of(const struct act *act)
{
    return act->encounter->player_count - 2;
}

void speaking_name_extras(struct act *act)
{
    if (!play_protocol_is_heard(act_protocol(act)))
        return;
    struct player *listener = player_of(act, listener_of(act));
    struct player *talker = player_of(act, talker_of(act));
    listener->name = _(listener->id = N_("the hearer"));
    talker->name = _(talker->id = N_("the talker"));
    talker->is_overlooked = true;
}

const char *act_who(struct act *act, size_t player)
{
    struct player *one = player_of(act, player);
    if (one->who[0] == '\0')
        token_choose_name(&act->stage->tokens, one->who);
    return one->who;
}

/* Does it hear what others say, and read it? */
static bool hears(const struct act *act, size_t player)
{
    const struct player *one = player_of(act, player);
    return one->has_joined && !one->has_left && one->fd >= 0 && one->stream == STREAM_OPEN &&
           !one->reads_nothing && !one->is_overlooked;
}

/*** Greeting ***/

static struct speech speech_of(struct act *act, size_t player, size_t to, const struct bytes *word)
{
    const struct conduct *conduct = act->stage->plan->conduct;
    bool has_names = play_protocol_is_heard(&conduct->protocol);
    address_text(&act->encounter->server, act->host);
    return (struct speech){.word = word != NULL ? bytes_front(word) : "",
                           .word_bytes = word != NULL ? word->length : 0,
                           .who = has_names ? act_who(act, player) : NULL,
                           .to = has_names && to != ACT_NOBODY ? act_who(act, to) : NULL,
                           .host = act->host,
                           .folder = act->stage->plan->material,
                           .values = act->stage->plan->values};
}

static struct speech speech_of_word(struct act *act, size_t player, const struct message_word *word)
{
    struct speech speech = speech_of(act, player, word->to, &word->word);
    speech.values = &word->values;
    return speech;
}

/* All who are there must, or may, get this about the player: between all else that they get. */
static void tell_others(struct act *act, size_t player, const char *text, const char *pattern,
                        bool may_lack)
{
    const struct speech speech = speech_of(act, player, ACT_NOBODY, NULL);
    for (size_t i = 0; i < act->encounter->player_count; i++) {
        struct answers *awaited = &player_of(act, i)->awaited;
        size_t before = awaited->count;
        if (i == player || !hears(act, i))
            continue;
        speech_await(awaited, text, pattern, &answer_line, &speech);
        for (size_t n = before; n < awaited->count; n++)
            awaited->all[n].may_lack = may_lack;
        awaited->is_unordered = true;
        awaited->is_told = awaited->count > 0;
    }
}

void act_note_leaving(struct act *act, size_t player)
{
    const struct play_protocol *protocol = act_protocol(act);
    if (!play_protocol_is_heard(protocol) || !player_of(act, player)->has_joined)
        return;
    player_of(act, player)->has_joined = false;
    if (act->scene == NULL) /* whose steps expect it themselves */
        tell_others(act, player, protocol->left, protocol->left_pattern, true);
}

static bool sends_later(const struct play_protocol *protocol, unsigned number)
{
    for (; number < protocol->greeting_count; number++)
        if (protocol->greeting[number].send != NULL)
            return true;
    return false;
}

static void await_greeting_step(struct answers *answers, const struct greeting_step *step,
                                const struct speech *speech)
{
    const struct filling filling = speech_filling(speech);
    speech_await(answers, step->expect, step->expect_pattern, &answer_pattern, speech);
    if (step->expect_line_patterns_count == 0)
        return;
    struct answer *line = answers_add(answers, &answer_line);
    for (unsigned i = 0; i < step->expect_line_patterns_count; i++)
        patterns_add(&line->patterns, step->expect_line_patterns[i], &filling);
}

static void await_greeting(struct act *act)
{
    bool is_other = act->unanswered != NULL;
    act_await_answers(act, is_other ? act->unanswered : _("the greeting gets no answer"),
                      is_other ? act->unanswered_hint : act->hint);
}

/* With the last word of its greeting it has come, and the others are told. What is sent waits for
 * what was expected before it: without a line end both could merge. */
static void play_greeting(struct act *act, size_t player)
{
    const struct play_protocol *protocol = act_protocol(act);
    const struct speech speech = speech_of(act, player, ACT_NOBODY, NULL);
    bool is_told = false;
    for (unsigned i = 0; i < protocol->greeting_count && !act_is_over(act); i++) {
        const struct greeting_step *step = &protocol->greeting[i];
        bool is_last_word = !is_told && !sends_later(protocol, i + (step->send != NULL));
        if (step->send != NULL && i > 0)
            await_greeting(act);
        if (is_last_word)
            tell_others(act, player, protocol->joined, protocol->joined_pattern, false);
        is_told |= is_last_word;
        await_greeting_step(&player_of(act, player)->awaited, step, &speech);
        if (step->send == NULL)
            continue;
        struct bytes said = {0};
        speech_append(&said, step->send, &speech);
        say_silently(act, player, &said);
        bytes_release(&said);
    }
    if (!is_told)
        tell_others(act, player, protocol->joined, protocol->joined_pattern, false);
}

void act_greet(struct act *act, size_t player)
{
    const struct play_protocol *protocol = act_protocol(act);
    struct player *one = player_of(act, player);
    bool has_names = play_protocol_is_heard(protocol);
    if (one->has_greeted || (protocol->greeting_count == 0 && !has_names))
        return;
    one->has_greeted = true;
    play_greeting(act, player);
    await_greeting(act);
    one->has_joined = has_names && !act_is_over(act);
}

/*** Messages ***/

static void release_word(struct message_word *word)
{
    bytes_release(&word->word);
    values_release(&word->values);
}

void message_release(struct message *message)
{
    bytes_release(&message->said);
    for (size_t i = 0; i < message->count; i++)
        release_word(&message->words[i]);
    free(message->words);
    *message = (struct message){0};
}

/* Who is meant by what the player says: the next one who hears it, or the listener, who has to come
 * yet. */
static size_t choose_receiver(const struct act *act, size_t player)
{
    size_t count = act->encounter->player_count;
    for (size_t i = 1; i < count; i++)
        if (hears(act, (player + i) % count))
            return (player + i) % count;
    return listener_of(act);
}

void act_choose_word_to(struct act *act, size_t player, size_t to, const void *word, size_t count,
                        struct message *message)
{
    message->words = grow_by_one(message->words, message->count, sizeof *message->words);
    struct message_word *one = &message->words[message->count++];
    *one = (struct message_word){.to = to, .values.outer = act->stage->plan->values};
    bytes_append(&one->word, word, count);
    play_protocol_draw(act_protocol(act), &act->stage->tokens, &one->values);
    const struct speech speech = speech_of_word(act, player, one);
    play_protocol_say(act_protocol(act), &speech, &message->said);
}

void act_choose_word(struct act *act, size_t player, const void *word, size_t count,
                     struct message *message)
{
    bool is_heard = play_protocol_is_heard(act_protocol(act));
    size_t to = is_heard ? choose_receiver(act, player) : ACT_NOBODY;
    act_choose_word_to(act, player, to, word, count, message);
}

bool act_choose_large(struct act *act, size_t player, struct bytes *said)
{
    char token[TOKEN_BYTES];
    struct message_word word = {.to = ACT_NOBODY, .values.outer = act->stage->plan->values};
    token_choose(&act->stage->tokens, token, "");
    bytes_append(&word.word, token, strlen(token));
    play_protocol_draw_large(act_protocol(act), &act->stage->tokens, &word.values);
    const struct speech speech = speech_of_word(act, player, &word);
    bool has_large = play_protocol_say_large(act_protocol(act), &speech, said);
    release_word(&word);
    return has_large;
}

void act_choose_message(struct act *act, size_t player, struct message *message)
{
    char token[TOKEN_BYTES];
    token_choose(&act->stage->tokens, token, "");
    act_choose_word(act, player, token, strlen(token), message);
}

/*** Saying ***/

/* Where the end of the connection was the end of the answer, or belongs to it. */
void act_come_again(struct act *act, size_t player)
{
    if (!player_of(act, player)->awaited.is_last || act_is_over(act))
        return;
    player_renew(player_of(act, player));
    act_enter(act, player);
}

/* One of those who are meant must be there. */
static void bring_receiver(struct act *act, const struct message *message)
{
    if (!play_protocol_is_heard(act_protocol(act)))
        return;
    for (size_t i = 0; i < message->count && !act_is_over(act); i++) {
        size_t receiver = message->words[i].to;
        if (hears(act, receiver))
            continue;
        if (player_of(act, receiver)->fd < 0)
            act_enter(act, receiver);
        act_greet(act, receiver);
    }
}

static void expect_heard(struct act *act, size_t player, const struct message_word *word)
{
    const struct play_protocol *protocol = act_protocol(act);
    bool is_for_one = play_protocol_is_for_one(protocol);
    for (size_t i = 0; i < act->encounter->player_count; i++) {
        if (i == player || !hears(act, i) || (is_for_one && i != word->to))
            continue;
        const struct speech speech = speech_of_word(act, player, word);
        play_protocol_of(protocol)->hear(protocol, &speech, &player_of(act, i)->awaited);
    }
}

static void expect_answers(struct act *act, size_t player, const struct message *message)
{
    const struct play_protocol *protocol = act_protocol(act);
    struct player *one = player_of(act, player);
    if (one->awaited.count > 0)
        act_take_answers(act, player);
    for (size_t i = 0; i < message->count; i++) {
        const struct message_word *word = &message->words[i];
        const struct speech speech = speech_of_word(act, player, word);
        play_protocol_await(protocol, &speech, &one->awaited);
        bytes_consume(&one->word, one->word.length);
        bytes_append(&one->word, bytes_front(&word->word), word->word.length);
        if (play_protocol_is_heard(protocol))
            expect_heard(act, player, word);
    }
}

/* All that comes before the message. */
static void prepare_to_say(struct act *act, size_t player, const struct message *message)
{
    act_come_again(act, player);
    bring_receiver(act, message);
    act_greet(act, player);
}

void act_say(struct act *act, size_t player, const struct message *message)
{
    prepare_to_say(act, player, message);
    if (act_is_over(act))
        return;
    expect_answers(act, player, message);
    say_silently(act, player, &message->said);
}

/* What is printed may be printed in one piece or in two. */
static void expect_in_pieces(struct act *act, size_t player, const struct message *message,
                             size_t first_bytes)
{
    struct answers *awaited = &player_of(act, player)->awaited;
    const char *first = bytes_front(&message->said);
    if (act_protocol(act)->kind != PROTOCOL_SINK) {
        expect_answers(act, player, message);
        return;
    }
    answers_add_bytes(awaited, &answer_printed, first, first_bytes);
    answers_add_bytes(awaited, &answer_printed, first + first_bytes,
                      message->said.length - first_bytes);
}

void act_say_in_two(struct act *act, size_t player, const struct message *message,
                    size_t first_bytes)
{
    const char *first = bytes_front(&message->said);
    prepare_to_say(act, player, message);
    act_say_silently(act, player, first, first_bytes);
    act_rest(act);
    if (act_is_over(act))
        return;
    expect_in_pieces(act, player, message, first_bytes);
    act_say_silently(act, player, first + first_bytes, message->said.length - first_bytes);
}

void act_say_first(struct act *act, size_t player)
{
    struct player *one = player_of(act, player);
    if (one->has_greeted || act_protocol(act)->greeting_count == 0) {
        act_say_line(act, player);
        return;
    }
    one->has_greeted = true;
    play_greeting(act, player);
}

void act_say_line(struct act *act, size_t player)
{
    struct message message = {0};
    if (act_is_over(act))
        return;
    act_choose_message(act, player, &message);
    act_say(act, player, &message);
    message_release(&message);
}
