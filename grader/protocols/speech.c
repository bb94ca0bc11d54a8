#include "grader/protocols/speech.h"

#include <string.h>

/*** Filling in ***/

static bool fill_speech(void *context, const struct placeholder *placeholder, struct bytes *out)
{
    const struct speech *speech = context;
    const struct filling others = {.fill = fill_speech, .context = context};
    if (speech->values != NULL && values_fill(speech->values, placeholder, &others, out))
        return true;
    bool is_word = placeholder_is(placeholder, "token") || placeholder_is(placeholder, "text");
    const char *name = placeholder_is(placeholder, "who")  ? speech->who
                       : placeholder_is(placeholder, "to") ? speech->to
                                                           : NULL;
    if (is_word)
        bytes_append(out, speech->word, speech->word_bytes);
    else if (name != NULL)
        bytes_append(out, name, strlen(name));
    return is_word || name != NULL;
}

struct filling speech_filling(const struct speech *speech)
{
    return (struct filling){.fill = fill_speech, .context = (void *)speech};
}

void speech_append(struct bytes *out, const char *text, const struct speech *speech)
{
    const struct filling filling = speech_filling(speech);
    struct bytes filled = text_fill_in(text, TEXT_IS_BYTES, &filling);
    bytes_append(out, bytes_front(&filled), filled.length);
    bytes_release(&filled);
}

void speech_await(struct answers *answers, const char *text, const char *pattern,
                  const struct answer_kind *pattern_kind, const struct speech *speech)
{
    const struct filling filling = speech_filling(speech);
    if (text != NULL && text[0] != '\0')
        speech_append(&answers_add(answers, &answer_bytes)->text, text, speech);
    if (pattern != NULL)
        patterns_add(&answers_add(answers, pattern_kind)->patterns, pattern, &filling);
}

/*** Ends and lengths ***/

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

const char *play_protocol_line_end(const struct play_protocol *protocol)
{
    if (protocol->line_end != NULL)
        return protocol->line_end;
    if (protocol->frame_bytes > 0)
        return "";
    const char *said = protocol->ask != NULL ? protocol->ask->text : protocol->say;
    if (said == NULL || ends_with(said, "\n"))
        return said != NULL && ends_with(said, "\r\n") ? "\r\n" : "\n";
    return protocol->kind == PROTOCOL_EXCHANGE ? "" : "\n";
}

void play_protocol_frame(const struct play_protocol *protocol, struct bytes *out, size_t from)
{
    struct bytes message = {0};
    size_t length = out->length - from;
    if (protocol->frame_bytes == 0)
        return;
    bytes_append(&message, bytes_front(out) + from, length);
    out->length = from;
    for (size_t i = protocol->frame_bytes; i > 0; i--) {
        char byte = (char)(length >> (8 * (i - 1)));
        bytes_append(out, &byte, 1);
    }
    bytes_append(out, bytes_front(&message), message.length);
    bytes_release(&message);
}
