/* What clients that speak to each other say, and what they make of what they hear. */
#include "loadgen/protocols/protocols.h"

#include "loadgen/plan/plan.h"
#include "loadgen/protocols/dialogue.h"
#include "tests/support/feed.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static const struct request request = {.client = 3, .sequence = 7, .heard = 5};

/* Client 3 of four in one thread: it speaks to client 0, and client 2 to it. */
static struct load_plan plan_of_chat(void)
{
    return (struct load_plan){
        .protocol = &load_protocol_chat, .size_bytes = 30, .clients = 4, .threads = 1};
}

Test(protocol, a_message_of_chat_names_speaker_listener_and_number)
{
    struct load_plan plan = plan_of_chat();
    struct dialogue dialogue;
    dialogue_init(&dialogue, &plan);
    char expected[128], got[128] = "";
    snprintf(expected, sizeof expected, "SEND %08x-00000000 00000003-00000000-00000007-def\n",
             dialogue.load);
    cr_assert_eq(dialogue.request_bytes, strlen(expected));
    for (size_t offset = 0; offset < strlen(expected); offset++)
        cr_expect_eq(plan.protocol->write(&dialogue, request, offset, got + offset, 1), 1);
    cr_expect_str_eq(got, expected);
    snprintf(expected, sizeof expected, "HELLO-FROM %08x-00000003\n", dialogue.load);
    memset(got, 0, sizeof got);
    cr_assert_eq(dialogue.greeting_bytes, strlen(expected));
    for (size_t offset = 0; offset < strlen(expected); offset++)
        cr_expect_eq(plan.protocol->greet(&dialogue, 3, offset, got + offset, 1), 1);
    cr_expect_str_eq(got, expected);
    dialogue_release(&dialogue);
}

/* Puts what the names of this load begin with in the place of "NAME". */
static void write_line(char line[128], const char *text, uint32_t load)
{
    const char *name = strstr(text, "NAME");
    int before = name != NULL ? (int)(name - text) : (int)strlen(text);
    int length = snprintf(line, 128, "%.*s", before, text);
    if (name != NULL)
        snprintf(line + length, 128 - (size_t)length, "%08x%s", load, name + strlen("NAME"));
}

/* What client 3 is told before its seventh reply, when it has heard five messages. */
Test(protocol, what_is_heard_is_known_for_what_it_is)
{
    static const struct {
        const char *line;
        enum reply_progress progress;
        uint32_t heard;
        enum failure_cause cause;
    } rows[] = {
        {"SEND-OK\n", REPLY_IS_WHOLE, 0, 0},
        {"SEND-OK\r\n", REPLY_IS_WHOLE, 0, 0},
        {"SEND-OK \n", REPLY_IS_WRONG, 0, CAUSE_UNEXPECTED},
        {"BAD-DEST-USER\n", REPLY_IS_WRONG, 0, CAUSE_UNEXPECTED},
        {"DELIVERY\n", REPLY_IS_WRONG, 0, CAUSE_UNEXPECTED},
        {"DELIVERY NAME-00000002 00000002-00000003-00000006-vwx\n", REPLY_IS_HEARD, 1, 0},
        {"DELIVERY NAME-00000002 00000002-00000003-00000008-xyz\r\n", REPLY_IS_HEARD, 3, 0},
        {"DELIVERY NAME-00000002 00000002-00000003-00000005-uvw\n", REPLY_IS_HEARD, 0,
         CAUSE_REPEATED},
        {"DELIVERY NAME-00000000 00000000-00000001-00000006-hij\n", REPLY_IS_HEARD, 0,
         CAUSE_OTHER_CLIENT},
        {"DELIVERY NAME-00000002 00000002-00000003-00000006-vwy\n", REPLY_IS_HEARD, 0,
         CAUSE_WRONG_BYTES},
        {"DELIVERY NAME-00000001 00000002-00000003-00000006-vwx\n", REPLY_IS_HEARD, 0,
         CAUSE_WRONG_BYTES},
        {"DELIVERY NAME-00000001 00000001-00000003-00000006-opq\n", REPLY_IS_HEARD, 0,
         CAUSE_WRONG_BYTES},
        {"DELIVERY NAME-00000002 00000002-00000003-00000006-vw\n", REPLY_IS_HEARD, 0,
         CAUSE_WRONG_BYTES},
        {"DELIVERY NAME-00000002  \n", REPLY_IS_HEARD, 0, CAUSE_WRONG_BYTES},
        {"DELIVERY x\n", REPLY_IS_HEARD, 0, CAUSE_WRONG_BYTES},
    };
    struct load_plan plan = plan_of_chat();
    struct dialogue dialogue;
    dialogue_init(&dialogue, &plan);
    for (size_t i = 0; i < LENGTH(rows); i++)
        for (size_t piece = 1; piece <= 64; piece += 9) {
            char line[128];
            write_line(line, rows[i].line, dialogue.load);
            struct reply reply = {0};
            cr_expect_eq(feed_as(&dialogue, request, &reply, line, strlen(line), piece),
                         strlen(line));
            cr_expect_eq(reply.progress, rows[i].progress, "%s", line);
            cr_expect_eq(reply.heard, rows[i].heard, "%s", line);
            cr_expect_eq(reply.cause, rows[i].cause, "%s", line);
            reply_release(&reply);
        }
    dialogue_release(&dialogue);
}
