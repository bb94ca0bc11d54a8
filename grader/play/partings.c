#include "grader/play/partings.h"

#include "base/language.h"
#include "grader/play/answers.h"

static bool is_udp(const struct act *act, size_t player)
{
    return act->encounter->players[player].transport == TRANSPORT_UDP;
}

void act_half_close(struct act *act, size_t player)
{
    act_note_leaving(act, player);
    if (!act_is_over(act))
        player_leave(&act->encounter->players[player]);
    act_note_deed(act, player, is_udp(act, player) ? _("closes") : _("ends its side"), NULL);
}

void act_close(struct act *act, size_t player)
{
    act_note_leaving(act, player);
    if (!act_is_over(act))
        player_give_up(&act->encounter->players[player]);
    act_note_deed(act, player, _("closes"), NULL);
}

void act_reset(struct act *act, size_t player)
{
    act_note_leaving(act, player);
    if (!act_is_over(act))
        player_reset(&act->encounter->players[player]);
    act_note_deed(act, player, is_udp(act, player) ? _("closes") : _("resets"), NULL);
}

void act_say_stop_word(struct act *act, size_t player)
{
    const struct conduct *conduct = act->stage->plan->conduct;
    struct bytes line =
        play_protocol_line(&conduct->protocol, conduct->stop_word, act->stage->plan->values);
    act_say_silently(act, player, bytes_front(&line), line.length);
    bytes_release(&line);
}

void act_leave(struct act *act, size_t player)
{
    if (act->stage->plan->conduct->stop_word != NULL) {
        act_say_stop_word(act, player);
        act->encounter->players[player].has_said_stop = true;
    }
    act_half_close(act, player);
}

void act_serve(struct act *act, size_t player, const char *who, const char *hint)
{
    act_enter(act, player);
    act_say_line(act, player);
    act_await_answers(act, who, hint);
}
