/* What a client says comes back, or comes back behind a prefix, or is printed. */
#include "grader/protocols/speech.h"

#include <string.h>

/* The same of all messages: it knows the values of the whole grading, and no words. */
static void append_same(struct bytes *out, const char *text, const struct speech *speech)
{
    const struct filling filling = values_filling(speech->values);
    struct bytes filled = text_fill_in(text, TEXT_IS_BYTES, &filling);
    bytes_append(out, bytes_front(&filled), filled.length);
    bytes_release(&filled);
}

static void say(const struct play_protocol *protocol, const struct speech *speech,
                struct bytes *said)
{
    size_t from = said->length;
    bytes_append(said, speech->word, speech->word_bytes);
    append_same(said, play_protocol_line_end(protocol), speech);
    play_protocol_frame(protocol, said, from);
}

static void answer_same(const struct play_protocol *protocol, const struct speech *speech,
                        struct answers *answers)
{
    say(protocol, speech, &answers_add(answers, &answer_bytes)->text);
}

static void answer_prefixed(const struct play_protocol *protocol, const struct speech *speech,
                            struct answers *answers)
{
    struct bytes *text = &answers_add(answers, &answer_bytes)->text;
    append_same(text, protocol->prefix, speech);
    say(protocol, speech, text);
}

/* What is printed ends its line, whether or not what is said does. */
static void answer_printed_line(const struct play_protocol *protocol, const struct speech *speech,
                                struct answers *answers)
{
    struct bytes *text = &answers_add(answers, &answer_printed)->text;
    say(protocol, speech, text);
    if (bytes_front(text)[text->length - 1] != '\n')
        bytes_append(text, "\n", 1);
}

static bool yes(const struct play_protocol *protocol)
{
    (void)protocol;
    return true;
}

static bool has_line_end(const struct play_protocol *protocol)
{
    return play_protocol_line_end(protocol)[0] != '\0';
}

static const char *const echo_keys[] = {"line-end", "frame", NULL};
static const char *const prefix_keys[] = {"prefix", "line-end", NULL};
static const char *const sink_keys[] = {"line-end", NULL};

const struct player_protocol player_protocol_echo = {
    .name = "echo",
    .kind = PROTOCOL_ECHO,
    .say = say,
    .answer = answer_same,
    .takes_any_word = yes,
    .keys = echo_keys,
};

const struct player_protocol player_protocol_prefix = {
    .name = "prefix",
    .kind = PROTOCOL_PREFIX,
    .say = say,
    .answer = answer_prefixed,
    .takes_any_word = yes,
    .is_stream = has_line_end,
    .keys = prefix_keys,
    .required_count = 1,
};

const struct player_protocol player_protocol_sink = {
    .name = "sink",
    .kind = PROTOCOL_SINK,
    .say = say,
    .answer = answer_printed_line,
    .takes_any_word = yes,
    .keys = sink_keys,
};
