/* What one says reaches all others, or the one that is meant. */
#include "grader/protocols/speech.h"

#define TEXT_LINE "{text}\n"

static void say(const struct play_protocol *protocol, const struct speech *speech,
                struct bytes *said)
{
    speech_append(said, protocol->say != NULL ? protocol->say : TEXT_LINE, speech);
}

static void answer(const struct play_protocol *protocol, const struct speech *speech,
                   struct answers *answers)
{
    answers->is_unordered = true;
    speech_await(answers, protocol->confirmed, protocol->confirmed_pattern, &answer_line, speech);
}

static void hear(const struct play_protocol *protocol, const struct speech *speech,
                 struct answers *answers)
{
    answers->is_unordered = true;
    speech_await(answers, protocol->heard, protocol->heard_pattern, &answer_line, speech);
}

static const char *const keys[] = {"say",           "confirmed", "confirmed-pattern", "heard",
                                   "heard-pattern", "joined",    "joined-pattern",    "left",
                                   "left-pattern",  NULL};

const struct player_protocol player_protocol_chat = {
    .name = "chat",
    .kind = PROTOCOL_CHAT,
    .say = say,
    .answer = answer,
    .hear = hear,
    .keys = keys,
};
