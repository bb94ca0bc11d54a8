/* The chat, and the room behind it. */
#include "base/bytes.h"
#include "servers/protocols/room.h"
#include "tests/support/talk.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct protocol_options open_room(void)
{
    struct protocol_options options = {.room = room_open(ROOM_PLACES)};
    cr_assert_not_null(options.room);
    return options;
}

static void begin_as(struct talk *talk, const char *name, const struct protocol_options *options)
{
    char text[64];
    begin(talk, "chat", options);
    snprintf(text, sizeof text, "HELLO-FROM %s\n", name);
    say(talk, text);
    snprintf(text, sizeof text, "HELLO %s\n", name);
    expect_reply(talk, text);
}

/* What others have for it. */
static void listen_in(struct talk *talk)
{
    say_bytes(talk, NULL, 0);
}

Test(protocols, a_message_is_heard_by_the_one_that_is_meant)
{
    struct protocol_options options = open_room();
    struct talk a, b, c;
    begin_as(&a, "a", &options);
    begin_as(&b, "b", &options);
    begin_as(&c, "c", &options);
    say(&a, "SEND b hello  there\r\nSE");
    expect_reply(&a, "SEND-OK\n");
    say(&a, "ND b x\nSEND a to me\n");
    expect_reply(&a, "SEND-OK\nSEND-OK\nDELIVERY a to me\n");
    listen_in(&b);
    expect_reply(&b, "DELIVERY a hello  there\nDELIVERY a x\n");
    listen_in(&b);
    listen_in(&c);
    expect_reply(&b, "");
    expect_reply(&c, "");
    say(&b, "LIST\n");
    expect_reply(&b, "LIST-OK a b c\n");
    end(&a);
    say(&b, "LIST\nSEND a x\n");
    expect_reply(&b, "LIST-OK b c\nBAD-DEST-USER\n");
    end(&b);
    end(&c);
    room_close(options.room);
}

Test(protocols, what_a_chat_cannot_do_is_refused_and_it_goes_on)
{
    struct protocol_options options = open_room();
    struct talk a, b;
    begin(&b, "chat", &options);
    say(&b, "LIST\nSEND a x\n\nHELLO-FROM\nHELLO-FROM \nHELLO-FROM a b\nHELLO-FROM (+1)\n");
    expect_reply(&b, "BAD-RQST-HDR\nBAD-RQST-HDR\nBAD-RQST-HDR\n"
                     "BAD-RQST-BODY\nBAD-RQST-BODY\nBAD-RQST-BODY\nBAD-RQST-BODY\n");
    say(&b, "HELLO-FROM 123456789012345678901234567890123\n");
    expect_reply(&b, "BAD-RQST-BODY\n");
    begin_as(&a, "a", &options);
    say(&b, "HELLO-FROM a\nHELLO-FROM b\nHELLO-FROM c\n");
    expect_reply(&b, "IN-USE\nHELLO b\nBAD-RQST-HDR\n");
    say(&b, "SEND\nSEND \nSEND a\nSEND a \nSEND  x\nSEND c x\nSNED a x\nLIST x\n");
    expect_reply(&b, "BAD-RQST-BODY\nBAD-RQST-BODY\nBAD-RQST-BODY\nBAD-RQST-BODY\nBAD-RQST-BODY\n"
                     "BAD-DEST-USER\nBAD-RQST-HDR\nBAD-RQST-BODY\n");
    listen_in(&a);
    expect_reply(&a, "");
    end(&a);
    end(&b);
    room_close(options.room);
}

Test(protocols, who_ends_its_side_hears_what_there_is_and_leaves_the_room)
{
    struct protocol_options options = open_room();
    struct talk a, b;
    begin_as(&a, "a", &options);
    begin_as(&b, "b", &options);
    say(&a, "SEND b first\n");
    expect_reply(&a, "SEND-OK\n");
    b.conversation.at_end = true;
    listen_in(&b);
    expect_reply(&b, "DELIVERY a first\n");
    cr_expect_eq(b.conversation.bell, -1);
    say(&a, "SEND b second\n");
    expect_reply(&a, "BAD-DEST-USER\n");
    end(&b);
    end(&a);
    room_close(options.room);
}

/* A message of 4096 bytes with all that goes with it; eight of them fill a mailbox. */
Test(protocols, a_full_mailbox_refuses_what_it_has_no_room_for)
{
    struct protocol_options options = open_room();
    struct talk a, b;
    begin_as(&a, "a", &options);
    begin_as(&b, "b", &options);
    char said[ROOM_MAILBOX_BYTES + 64];
    int length =
        snprintf(said, sizeof said, "SEND b %0*d\n", 4096 - (int)strlen("DELIVERY a \n"), 7);
    for (int i = 0; i < ROOM_MAILBOX_BYTES / 4096; i++) {
        say_bytes(&a, said, (size_t)length);
        expect_reply(&a, "SEND-OK\n");
    }
    say(&a, "SEND b x\n");
    expect_reply(&a, "BUSY\n");
    listen_in(&b);
    cr_expect_eq(b.conversation.reply.length, ROOM_MAILBOX_BYTES);
    bytes_consume(&b.conversation.reply, b.conversation.reply.length);
    say(&a, "SEND b x\n");
    expect_reply(&a, "SEND-OK\n");
    listen_in(&b);
    expect_reply(&b, "DELIVERY a x\n");
    length = snprintf(said, sizeof said, "SEND b %0*d\n", ROOM_MAILBOX_BYTES, 7);
    say_bytes(&a, said, (size_t)length);
    expect_reply(&a, "BAD-RQST-BODY\n");
    end(&a);
    end(&b);
    room_close(options.room);
}

static struct room_name name_in(char *text, size_t number)
{
    return (struct room_name){text, (size_t)sprintf(text, "m%08zu", number)};
}

Test(protocols, a_room_has_an_end_and_a_list_of_it_too)
{
    struct room *room = room_open(1000);
    char text[ROOM_NAME_MAX];
    for (size_t i = 0; i < 1000; i++)
        cr_assert_eq(room_enter(room, name_in(text, i), i), (int)i);
    cr_expect_eq(room_enter(room, name_in(text, 1000), 0), -ENOSPC);
    struct bytes names = {0};
    room_list(room, &names);
    cr_expect_geq(names.length, ROOM_LIST_BYTES - ROOM_NAME_MAX);
    cr_expect_leq(names.length, ROOM_LIST_BYTES + sizeof " (+16384)");
    cr_expect(memmem(bytes_front(&names), names.length, " (+591)", 7) != NULL); /* 409 of ten */
    bytes_release(&names);
    cr_expect_eq(room_enter(room, name_in(text, 7), 0), -EEXIST);
    room_forget(room, 7);
    cr_expect_eq(room_enter(room, name_in(text, 7), 0), 7, "its place is free again");
    room_leave(room, 8);
    cr_expect_eq(room_deliver(room, name_in(text, 8), &names), -ENOENT);
    room_close(room);
}

static bool has_rung(int bell)
{
    struct pollfd waiting = {.fd = bell, .events = POLLIN};
    return poll(&waiting, 1, 0) == 1;
}

Test(protocols, what_a_child_says_is_heard_here_and_rings)
{
    struct protocol_options options = open_room();
    struct talk a;
    begin_as(&a, "a", &options);
    cr_assert_not(has_rung(a.conversation.bell));
    pid_t child = fork();
    if (child == 0) {
        struct bytes message = {0};
        bytes_print(&message, "from a child\n");
        _exit(room_deliver(options.room, (struct room_name){"a", 1}, &message) != 0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    cr_expect_eq(status, 0);
    cr_expect(has_rung(a.conversation.bell));
    listen_in(&a);
    expect_reply(&a, "from a child\n");
    end(&a);
    room_close(options.room);
}
