/* What a message is: a line, a receive, a frame. */
#include "base/memory.h"
#include "servers/protocols/lines.h"
#include "tests/support/talk.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct protocol_options by_line = {.prefix = "> "};
static const struct protocol_options by_receive = {.prefix = "> ", .line_end = ""};

Test(protocols, a_receive_is_a_message_only_where_that_is_said)
{
    struct talk talk;
    begin(&talk, "prefix", &by_receive);
    say(&talk, "Hallo");
    expect_reply(&talk, "> Hallo");
    say(&talk, "Welt\n");
    expect_reply(&talk, "> Welt\n");
    say(&talk, "a\nb\r\n");
    expect_reply(&talk, "> a\nb\r\n");
    say(&talk, "\n");
    expect_reply(&talk, "> \n");
    cr_expect_eq(talk.next, NEXT_RECEIVE);
    end(&talk);
    begin(&talk, "prefix", &by_line);
    say(&talk, "Hal");
    expect_reply(&talk, "");
    say(&talk, "lo\n");
    expect_reply(&talk, "> Hallo\n");
    end(&talk);
}

Test(protocols, a_full_receive_is_not_taken_for_a_message)
{
    struct talk talk;
    begin(&talk, "prefix", &by_receive);
    talk.conversation.goes_on = true;
    say(&talk, "Hal");
    expect_reply(&talk, "");
    talk.conversation.goes_on = false;
    say(&talk, "lo");
    expect_reply(&talk, "> Hallo");
    end(&talk);
}

Test(protocols, lines_are_cut_wherever_the_network_cuts)
{
    struct talk talk;
    begin(&talk, "prefix", &by_line);
    say(&talk, "a\nb");
    expect_reply(&talk, "> a\n");
    say(&talk, "b\r");
    expect_reply(&talk, "");
    say(&talk, "\n\n");
    expect_reply(&talk, "> bb\r\n> \n");
    say(&talk, "last");
    talk.conversation.at_end = true;
    say(&talk, "");
    expect_reply(&talk, "> last");
    end(&talk);
}

Test(protocols, a_line_ends_with_what_is_said_to_end_it)
{
    static const struct protocol_options options = {.prefix = "> ", .line_end = "\r\n"};
    static const struct protocol_options others = {.prefix = "> ", .line_end = ";"};
    struct talk talk;
    begin(&talk, "prefix", &options);
    say(&talk, "a\nb\r\nc\r");
    expect_reply(&talk, "> a\nb\r\n");
    say(&talk, "\n");
    expect_reply(&talk, "> c\r\n");
    end(&talk);
    begin(&talk, "prefix", &others);
    say(&talk, "a\n;b;c");
    expect_reply(&talk, "> a\n;> b;");
    end(&talk);
}

static const struct frame_width {
    size_t bytes;
    const char *number; /* of three, and of five: with "> " before it */
    const char *answered;
} frame_widths[] = {{1, "\3", "\5"}, {2, "\0\3", "\0\5"}, {4, "\0\0\0\3", "\0\0\0\5"}};

/* Twice, cut at every place; an empty frame behind them, and a piece of one. */
Test(protocols, a_frame_is_as_long_as_it_says)
{
    for (size_t i = 0; i < 3; i++) {
        const struct frame_width *width = &frame_widths[i];
        const struct protocol_options options = {.prefix = "> ", .frame_bytes = width->bytes};
        struct bytes said = {0};
        struct bytes due = {0};
        for (int j = 0; j < 2; j++) {
            bytes_append(&said, width->number, width->bytes);
            bytes_append(&said, "a\nb", 3);
            bytes_append(&due, width->answered, width->bytes);
            bytes_append(&due, "> a\nb", 5);
        }
        for (size_t cut = 1; cut < said.length; cut++) {
            struct talk talk;
            begin(&talk, "prefix", &options);
            say_bytes(&talk, bytes_front(&said), cut);
            say_bytes(&talk, bytes_front(&said) + cut, said.length - cut);
            cr_expect_eq(talk.conversation.reply.length, due.length);
            cr_expect_arr_eq(bytes_front(&talk.conversation.reply), bytes_front(&due), due.length);
            end(&talk);
        }
        bytes_release(&said);
        bytes_release(&due);
    }
}

Test(protocols, an_empty_frame_is_answered_and_a_piece_of_one_is_not)
{
    static const struct protocol_options options = {.frame_bytes = 2};
    struct talk talk;
    begin(&talk, "echo", &options);
    say_bytes(&talk, "\0\0\0\2x", 5);
    cr_assert_eq(talk.conversation.reply.length, 2);
    cr_expect_arr_eq(bytes_front(&talk.conversation.reply), "\0\0", 2);
    talk.conversation.at_end = true;
    say(&talk, "");
    cr_expect_eq(talk.conversation.reply.length, 2);
    end(&talk);
}

Test(protocols, a_frame_past_the_limit_is_refused_in_a_frame)
{
    static const struct protocol_options options = {.frame_bytes = 4};
    struct talk talk;
    begin(&talk, "echo", &options);
    say_bytes(&talk, "\0\1\0\1", 4);
    cr_expect_eq(talk.next, NEXT_SEE_OFF);
    cr_assert_eq(talk.conversation.reply.length, 4 + strlen("frame too long"));
    cr_expect_arr_eq(bytes_front(&talk.conversation.reply), "\0\0\0\16frame", 9);
    end(&talk);
}

Test(protocols, a_stop_word_in_pieces_is_one_word)
{
    static const struct protocol_options options = {.stop_word = "fin", .quiet = true};
    static const struct protocol_options course = {
        .stop_word = "fin", .quiet = true, .line_end = ""};
    struct talk talk;
    begin(&talk, "sink", &options);
    say(&talk, "fi");
    cr_expect_eq(talk.next, NEXT_RECEIVE);
    say(&talk, "n\n");
    cr_expect_eq(talk.next, NEXT_CLOSE);
    end(&talk);
    begin(&talk, "sink", &course);
    say(&talk, "Fin");
    cr_expect_eq(talk.next, NEXT_CLOSE);
    end(&talk);
}

static void say_long(struct talk *talk, size_t length, const char *ending)
{
    char *line = allocate(length + 2, 1);
    memset(line, 'x', length);
    strcpy(line + length, ending);
    say_bytes(talk, line, length + strlen(ending));
    free(line);
}

Test(protocols, a_line_past_the_limit_is_refused)
{
    static const char *const endings[] = {"\n", ""};
    for (size_t i = 0; i < 2; i++) {
        struct talk talk;
        begin(&talk, "prefix", i == 0 ? &by_line : &by_receive);
        say_long(&talk, LINE_BYTES_MAX, endings[i]);
        cr_expect_eq(talk.next, NEXT_RECEIVE);
        cr_expect_geq(talk.conversation.reply.length, 2 + LINE_BYTES_MAX);
        bytes_consume(&talk.conversation.reply, talk.conversation.reply.length);
        say_long(&talk, LINE_BYTES_MAX + 1, endings[i]);
        cr_expect_eq(talk.next, NEXT_SEE_OFF);
        expect_reply(&talk, "line too long\n");
        end(&talk);
    }
}
