/* What clients say in the protocol of an assignment, and what they must get for it. */
#include "grader/play/protocol.h"

#include <criterion/criterion.h>
#include <string.h>

#define WORD "word"

static void expect_bytes(const struct bytes *bytes, const char *expected, size_t count)
{
    cr_expect_eq(bytes->length, count, "%zu bytes instead of %zu", bytes->length, count);
    cr_expect_arr_eq(bytes_front(bytes), expected, count);
}

#define EXPECT_BYTES(bytes, literal) expect_bytes((bytes), (literal), sizeof(literal) - 1)

static struct message say(const struct play_protocol *protocol)
{
    struct message message = {0};
    play_protocol_say(protocol, WORD, strlen(WORD), &message);
    return message;
}

Test(protocol, has_one_answer_to_an_ask_of_several_lines, .timeout = 10)
{
    struct message message = say(&(struct play_protocol){.kind = PROTOCOL_EXCHANGE,
                                                         .ask = "*1\r\n$4\r\nPING",
                                                         .answer = "+PONG\r\n",
                                                         .line_end = "\r\n"});
    EXPECT_BYTES(&message.said, "*1\r\n$4\r\nPING\r\n");
    EXPECT_BYTES(&message.answer, "+PONG\r\n");
    message_release(&message);
    message = say(
        &(struct play_protocol){.kind = PROTOCOL_PREFIX, .prefix = "> ", .line_end = "\r\n\r\n"});
    EXPECT_BYTES(&message.answer, "> word\r\n\r\n");
    message_release(&message);
}

Test(protocol, fills_in_each_token, .timeout = 10)
{
    struct message message = say(&(struct play_protocol){.kind = PROTOCOL_EXCHANGE,
                                                         .ask = "PUT {token}\nGET {token}",
                                                         .answer = "{token} {token}\n"});
    EXPECT_BYTES(&message.said, "PUT word\nGET word\n");
    EXPECT_BYTES(&message.answer, "word word\n");
    message_release(&message);
}

Test(protocol, takes_a_zero_for_a_byte, .timeout = 10)
{
    const struct play_protocol frames = {.kind = PROTOCOL_EXCHANGE,
                                         .ask = "{hex:0004}{token}",
                                         .answer = "{hex:000400}{token}{hex:00}",
                                         .line_end = ""};
    struct message message = say(&frames);
    EXPECT_BYTES(&message.said, "\0\4word");
    EXPECT_BYTES(&message.answer, "\0\4\0word\0");
    message_release(&message);
    const struct play_protocol strings = {.line_end = "{hex:00}"};
    struct bytes line = play_protocol_line(&strings, "bye");
    EXPECT_BYTES(&line, "bye\0");
    bytes_release(&line);
}

/* What is printed ends its line. */
Test(protocol, of_a_sink_is_what_is_printed, .timeout = 10)
{
    struct message message = say(&(struct play_protocol){.kind = PROTOCOL_SINK, .line_end = ""});
    EXPECT_BYTES(&message.said, "word");
    EXPECT_BYTES(&message.answer, "word\n");
    message_release(&message);
}

static bool takes_any_word(char *ask, char *answer)
{
    return play_protocol_takes_any_word(
        &(struct play_protocol){.kind = PROTOCOL_EXCHANGE, .ask = ask, .answer = answer});
}

Test(protocol, takes_any_word_where_nothing_counts_it, .timeout = 10)
{
    cr_expect(play_protocol_takes_any_word(&(struct play_protocol){.kind = PROTOCOL_ECHO}));
    cr_expect(takes_any_word("ECHO {token}", "OK {token}\n"));
    cr_expect(takes_any_word("{token}", "NO"));
    cr_expect_not(takes_any_word("hello", "HELLO\n"));
    cr_expect_not(takes_any_word("$24\r\n{token}", "{token}\n"));
    cr_expect_not(takes_any_word("{token}", "24 {token}\n"));
    cr_expect_not(takes_any_word("{hex:18}{token}", "{token}"));
}

static bool is_stream(enum protocol_kind kind, char *ask, char *line_end)
{
    return play_protocol_is_stream(
        &(struct play_protocol){.kind = kind, .ask = ask, .line_end = line_end});
}

Test(protocol, is_a_stream_where_messages_have_ends, .timeout = 10)
{
    cr_expect(is_stream(PROTOCOL_ECHO, NULL, ""));
    cr_expect(is_stream(PROTOCOL_SINK, NULL, ""));
    cr_expect(is_stream(PROTOCOL_PREFIX, NULL, NULL));
    cr_expect(is_stream(PROTOCOL_EXCHANGE, "GET", "\r\n"));
    cr_expect(is_stream(PROTOCOL_EXCHANGE, "GET\r\n\r\n", ""));
    cr_expect(is_stream(PROTOCOL_EXCHANGE, "{hex:0003}GET", ""));
    cr_expect_not(is_stream(PROTOCOL_PREFIX, NULL, ""));
    cr_expect_not(is_stream(PROTOCOL_EXCHANGE, "GET", ""));
}
