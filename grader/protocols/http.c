/* A request of HTTP, and a response. */
#include "grader/protocols/speech.h"

static struct http_setting setting_of(const struct speech *speech)
{
    return (struct http_setting){
        .filling = speech_filling(speech), .host = speech->host, .folder = speech->folder};
}

static const char *request_of(const struct protocol_message *ask)
{
    return ask->request != NULL ? ask->request : ask->text;
}

static void say(const struct play_protocol *protocol, const struct speech *speech,
                struct bytes *said)
{
    const struct http_setting setting = setting_of(speech);
    http_message_write(said, request_of(protocol->ask), &protocol->ask->http, &setting);
}

static void answer(const struct play_protocol *protocol, const struct speech *speech,
                   struct answers *answers)
{
    const struct http_setting setting = setting_of(speech);
    const struct protocol_message *answer = protocol->answer;
    http_message_await(answers, answer->status != NULL ? answer->status : answer->text,
                       &answer->http, &setting, http_request_is_head(request_of(protocol->ask)));
}

static const char *const keys[] = {"ask", "answer", "closes", "large", NULL};

const struct player_protocol player_protocol_http = {
    .name = "http",
    .kind = PROTOCOL_HTTP,
    .say = say,
    .answer = answer,
    .keys = keys,
    .required_count = 2,
};
