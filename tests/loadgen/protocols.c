/* Exchanges: requests as they go out, and replies that are known for what they are in whatever
 * pieces they come. */
#include "loadgen/protocols/protocols.h"

#include "loadgen/plan/plan.h"
#include "loadgen/protocols/dialogue.h"

#include <criterion/criterion.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static const struct request request = {.client = 3, .sequence = 7};

static struct load_plan plan_of(const struct load_protocol *protocol)
{
    struct load_plan plan = {.protocol = protocol, .size_bytes = 64, .path = "/", .send = "PING"};
    address_parse("127.0.0.1:80", &plan.address);
    return plan;
}

/* Feeds `text`, at most `piece` bytes at a time, until the reply is whole or wrong; how much of it
 * was taken. */
static size_t feed(const struct dialogue *dialogue, struct reply *reply, const char *text,
                   size_t count, size_t piece)
{
    size_t taken = 0;
    while (taken < count && reply->progress == REPLY_GOES_ON) {
        size_t next = count - taken < piece ? count - taken : piece;
        char *exact = malloc(next); /* so that a sanitizer sees whoever reads on */
        memcpy(exact, text + taken, next);
        size_t step = dialogue->protocol->take(dialogue, request, reply, exact, next);
        free(exact);
        cr_assert(step > 0 && step <= next, "%zu of %zu", step, next);
        taken += step;
        reply->received_bytes += step;
    }
    return taken;
}

static void expect_request(const struct load_plan *plan, const char *expected)
{
    struct dialogue dialogue;
    dialogue_init(&dialogue, plan);
    cr_assert_eq(dialogue.request_bytes, strlen(expected));
    for (size_t offset = 0; offset < strlen(expected); offset++)
        for (size_t room = 1; room < strlen(expected); room += 5) {
            char out[256] = "";
            size_t left = strlen(expected) - offset;
            size_t count = plan->protocol->write(&dialogue, request, offset, out, room);
            cr_assert_eq(count, room < left ? room : left);
            cr_assert_eq(memcmp(out, expected + offset, count), 0);
        }
    dialogue_release(&dialogue);
}

Test(protocol, requests_are_written_in_any_pieces)
{
    struct load_plan plan = plan_of(&load_protocol_exchange);
    expect_request(&plan, "PING\n");
    plan = plan_of(&load_protocol_key_value);
    plan.size_bytes = 20;
    expect_request(&plan, "set c00000003 00000003-00000007-uv\nget c00000003\n");
    plan.size_bytes = 3;
    expect_request(&plan, "set c00000003 000\nget c00000003\n");
    plan = plan_of(&load_protocol_http);
    plan.path = "/index.html?a=b";
    expect_request(&plan, "GET /index.html?a=b HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n");
}

Test(protocol, names_are_found)
{
    for (size_t i = 0; load_protocols[i] != NULL; i++)
        cr_expect_eq(load_protocol_find(load_protocols[i]->name), load_protocols[i]);
    cr_expect_null(load_protocol_find("ftp"));
}

/*** Lines ***/

Test(protocol, a_line_is_as_expected_or_not)
{
    static const struct {
        const char *expect;
        bool is_prefix;
        const char *reply;
        enum reply_progress progress;
        size_t taken;
    } rows[] = {
        {"+PONG", false, "+PONG\r\n", REPLY_IS_WHOLE, 7},
        {"+PONG", false, "+PONG\n", REPLY_IS_WHOLE, 6},
        {"+PONG", false, "+PONG\r\n+PONG\r\n", REPLY_IS_WHOLE, 7},
        {"+PONG", false, "+PONG", REPLY_GOES_ON, 5},
        {"+PONG", false, "+PONG!\r\n", REPLY_IS_WRONG, 8},
        {"+PONG", false, "+PON\r\n", REPLY_IS_WRONG, 6},
        {"+PONG", false, "\n", REPLY_IS_WRONG, 1},
        {"+PONG", false, "-ERR\r\n", REPLY_IS_WRONG, 6},
        {"+PONG\r", false, "+PONG\r\n", REPLY_IS_WHOLE, 7},
        {"+PO", true, "+PONG\r\n", REPLY_IS_WHOLE, 7},
        {"+PO", true, "+PO\n", REPLY_IS_WHOLE, 4},
        {"+PO", true, "+P\n", REPLY_IS_WRONG, 3},
        {NULL, false, "whatever\n", REPLY_IS_WHOLE, 9},
        {NULL, false, "\n", REPLY_IS_WHOLE, 1},
        {"", false, "\r\n", REPLY_IS_WHOLE, 2},
        {"", false, "x\n", REPLY_IS_WRONG, 2},
    };
    for (size_t i = 0; i < LENGTH(rows); i++)
        for (size_t piece = 1; piece <= 16; piece++) {
            struct load_plan plan = plan_of(&load_protocol_exchange);
            plan.expect = rows[i].expect;
            plan.expects_prefix = rows[i].is_prefix;
            struct dialogue dialogue;
            struct reply reply = {0};
            dialogue_init(&dialogue, &plan);
            size_t taken = feed(&dialogue, &reply, rows[i].reply, strlen(rows[i].reply), piece);
            cr_expect_eq(reply.progress, rows[i].progress, "row %zu by %zu", i, piece);
            cr_expect_eq(taken, rows[i].taken, "row %zu by %zu: %zu", i, piece, taken);
            if (reply.progress == REPLY_IS_WRONG)
                cr_expect_eq(reply.cause, CAUSE_UNEXPECTED);
            reply_release(&reply);
            dialogue_release(&dialogue);
        }
}

/*** Frames ***/

static const struct frame_row {
    size_t frame_bytes;
    const char *expect;
    const char *reply;
    size_t count;
    enum reply_progress progress;
    size_t taken;
} frame_rows[] = {
    {1, "PONG", "\4PONG", 5, REPLY_IS_WHOLE, 5},
    {2, "PONG", "\0\4PONG", 6, REPLY_IS_WHOLE, 6},
    {4, "PONG", "\0\0\0\4PONG\0\0\0\4PONG", 16, REPLY_IS_WHOLE, 8},
    {2, "PONG", "\0\5PONG", 6, REPLY_GOES_ON, 6},
    {2, "PONG", "\0\3PONG", 6, REPLY_IS_WRONG, 5},
    {2, "PONG", "\0\5PONG\r", 7, REPLY_IS_WRONG, 7},
    {2, "", "\0\0", 2, REPLY_IS_WHOLE, 2},
    {2, NULL, "\0\2\n\n", 4, REPLY_IS_WHOLE, 4},
    {4, "PONG", "\1\0\0\0PONG", 8, REPLY_IS_WRONG, 8},
};

Test(protocol, a_frame_is_as_expected_or_not)
{
    for (size_t i = 0; i < LENGTH(frame_rows); i++)
        for (size_t piece = 1; piece <= 16; piece++) {
            const struct frame_row *row = &frame_rows[i];
            struct load_plan plan = plan_of(&load_protocol_exchange);
            plan.expect = row->expect;
            plan.frame_bytes = row->frame_bytes;
            struct dialogue dialogue;
            struct reply reply = {0};
            dialogue_init(&dialogue, &plan);
            size_t taken = feed(&dialogue, &reply, row->reply, row->count, piece);
            cr_expect_eq(reply.progress, row->progress, "row %zu by %zu", i, piece);
            if (reply.progress != REPLY_IS_WRONG)
                cr_expect_eq(taken, row->taken, "row %zu by %zu: %zu", i, piece, taken);
            reply_release(&reply);
            dialogue_release(&dialogue);
        }
}

/* Of every length of the number: what goes out is what must come back. */
Test(protocol, a_framed_echo_is_taken_whole_in_any_pieces)
{
    for (size_t frame_bytes = 1; frame_bytes <= 4; frame_bytes *= 2)
        for (size_t piece = 1; piece <= 70; piece++) {
            struct load_plan plan = plan_of(&load_protocol_echo);
            plan.frame_bytes = frame_bytes;
            struct dialogue dialogue;
            struct reply reply = {0};
            char text[128];
            dialogue_init(&dialogue, &plan);
            cr_assert_eq(dialogue.request_bytes, frame_bytes + 64);
            for (size_t offset = 0; offset < dialogue.request_bytes;)
                offset += plan.protocol->write(&dialogue, request, offset, text + offset, piece);
            cr_expect_eq(text[frame_bytes - 1], 64);
            cr_expect_eq(feed(&dialogue, &reply, text, frame_bytes + 64, piece), frame_bytes + 64);
            cr_expect_eq(reply.progress, REPLY_IS_WHOLE);
            reply_reset(&reply);
            text[frame_bytes - 1] = 63;
            feed(&dialogue, &reply, text, frame_bytes + 64, piece);
            cr_expect_eq(reply.progress, REPLY_IS_WRONG);
            reply_release(&reply);
            dialogue_release(&dialogue);
        }
}

/*** Keys and values ***/

Test(protocol, a_value_that_is_another_is_named_for_what_it_is)
{
    static const struct {
        const char *reply;
        enum reply_progress progress;
        enum failure_cause cause;
    } rows[] = {
        {"OK\nVALUE 00000003-00000007-uv\n", REPLY_IS_WHOLE, 0},
        {"OK\nVALUE 00000003-00000007-uv", REPLY_GOES_ON, 0},
        {"OK\nVALUE 00000004-00000007-uv\n", REPLY_IS_WRONG, CAUSE_OTHER_CLIENT},
        {"OK\nVALUE 00000003-00000006-uv\n", REPLY_IS_WRONG, CAUSE_REPEATED},
        {"OK\nVALUE 00000003-00000007-ux\n", REPLY_IS_WRONG, CAUSE_WRONG_BYTES},
        {"OK\nVALUE 00000003-00000007-uvw\n", REPLY_IS_WRONG, CAUSE_WRONG_BYTES},
        {"OK\nVALUE 00000003-0000\n", REPLY_IS_WRONG, CAUSE_REPEATED},
        {"OK\nNONE\n", REPLY_IS_WRONG, CAUSE_UNEXPECTED},
        {"ERROR too long\n", REPLY_IS_WRONG, CAUSE_UNEXPECTED},
    };
    for (size_t i = 0; i < LENGTH(rows); i++)
        for (size_t piece = 1; piece <= 40; piece++) {
            struct load_plan plan = plan_of(&load_protocol_key_value);
            plan.size_bytes = 20;
            struct dialogue dialogue;
            struct reply reply = {0};
            dialogue_init(&dialogue, &plan);
            feed(&dialogue, &reply, rows[i].reply, strlen(rows[i].reply), piece);
            cr_expect_eq(reply.progress, rows[i].progress, "%s by %zu", rows[i].reply, piece);
            if (reply.progress == REPLY_IS_WRONG)
                cr_expect_eq(reply.cause, rows[i].cause, "%s: %d", rows[i].reply, reply.cause);
            reply_release(&reply);
            dialogue_release(&dialogue);
        }
}

/*** HTTP ***/

struct http_row {
    const char *reply;
    enum reply_progress progress;
    unsigned status;
    bool is_last;
    size_t left; /* of the text, after the reply */
};

static void expect_http(const struct http_row *row, size_t piece)
{
    struct load_plan plan = plan_of(&load_protocol_http);
    struct dialogue dialogue;
    struct reply reply = {0};
    dialogue_init(&dialogue, &plan);
    size_t count = strlen(row->reply);
    size_t taken = feed(&dialogue, &reply, row->reply, count, piece);
    cr_expect_eq(reply.progress, row->progress, "by %zu: %s", piece, row->reply);
    if (row->progress == REPLY_IS_WRONG)
        cr_expect_eq(reply.cause, CAUSE_NOT_HTTP);
    else {
        cr_expect_eq(count - taken, row->left, "by %zu: %zu left of %s", piece, count - taken,
                     row->reply);
        cr_expect_eq(reply.status, row->status, "%u: %s", reply.status, row->reply);
        cr_expect_eq(reply.is_last, row->is_last, "%s", row->reply);
    }
    reply_reset(&reply);
    cr_expect_eq(reply.kept.length, 0);
    reply_release(&reply);
    dialogue_release(&dialogue);
}

Test(protocol, http_replies_end_where_they_end)
{
    static const struct http_row rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", REPLY_IS_WHOLE, 200, false, 0},
        {"HTTP/1.1 200 OK\r\ncontent-LENGTH:5\r\n\r\nhelloHTTP/", REPLY_IS_WHOLE, 200, false, 5},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", REPLY_GOES_ON, 200, false, 0},
        {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", REPLY_IS_WHOLE, 404, false, 0},
        {"HTTP/1.1 204 No Content\r\n\r\nHTTP", REPLY_IS_WHOLE, 204, false, 4},
        {"HTTP/1.1 304 x\r\nContent-Length: 99\r\n\r\n", REPLY_IS_WHOLE, 304, false, 0},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
         REPLY_IS_WHOLE, 200, false, 0},
        {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", REPLY_IS_WHOLE, 200,
         true, 0},
        {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", REPLY_IS_WHOLE, 200, true, 0},
        {"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx", REPLY_IS_WHOLE,
         200, false, 0},
        {"HTTP/1.1 200 OK\r\n\r\nuntil the end", REPLY_GOES_ON, 200, true, 0},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nH",
         REPLY_IS_WHOLE, 200, false, 1},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na;x=y\r\n0123456789\r\n"
         "1\r\nz\r\n0\r\nTrailer: x\r\n\r\n",
         REPLY_IS_WHOLE, 200, false, 0},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", REPLY_GOES_ON,
         200, false, 0},
        {"HTTP/1.1 200 OK\nContent-Length: 2\n\nhiHTTP", REPLY_IS_WHOLE, 200, false, 4},
        {"HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: x\r\nContent-Length: 0\r\n\r\n",
         REPLY_IS_WHOLE, 200, true, 0},
        /* Which options of a connection are named is up to the commas. */
        {"HTTP/1.1 200 OK\r\nConnection: X-Closed-By, keep-alive\r\nContent-Length: 0\r\n\r\n",
         REPLY_IS_WHOLE, 200, false, 0},
        {"HTTP/1.1 200 OK\r\nConnection: close-notify\r\nContent-Length: 0\r\n\r\n", REPLY_IS_WHOLE,
         200, false, 0},
        {"HTTP/1.1 200 OK\r\nConnection: x ,\tClose\r\nContent-Length: 0\r\n\r\n", REPLY_IS_WHOLE,
         200, true, 0},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nz\r\n0\r\n\r\n",
         REPLY_IS_WHOLE, 200, false, 0},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: unchunked\r\n\r\nuntil the end", REPLY_GOES_ON, 200,
         true, 0},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", REPLY_IS_WHOLE, 200, false, 0},
        {"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n", REPLY_IS_WHOLE, 999, false, 0},
        {"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n\r\n", REPLY_IS_WHOLE, 503, false, 0},
    };
    for (size_t i = 0; i < LENGTH(rows); i++)
        for (size_t piece = 1; piece <= strlen(rows[i].reply); piece++)
            expect_http(&rows[i], piece);
}

Test(protocol, what_is_not_http_is_found_out)
{
    static const struct http_row rows[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", REPLY_IS_WRONG, 0, false, 0},
        {"HTTP/1.1 20 OK\r\n\r\n", REPLY_IS_WRONG, 0, false, 0},
        {"HTTP/1.1 \x10\x12\x10 OK\r\n\r\n", REPLY_IS_WRONG, 0, false, 0},
        {"HTTP/1.1 099 OK\r\n\r\n", REPLY_IS_WRONG, 0, false, 0},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello", REPLY_IS_WRONG, 0, false, 0},
        {"HTTP/2 200\r\n\r\n", REPLY_IS_WRONG, 0, false, 0},
        {"+PONG\r\n", REPLY_IS_WRONG, 0, false, 0},
        {"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", REPLY_IS_WRONG, 0, false, 0},
        {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", REPLY_IS_WRONG, 0, false, 0},
        {"HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n", REPLY_IS_WRONG, 0, false, 0},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n", REPLY_IS_WRONG, 0, false,
         0},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
         REPLY_IS_WRONG, 0, false, 0},
    };
    for (size_t i = 0; i < LENGTH(rows); i++)
        for (size_t piece = 1; piece <= strlen(rows[i].reply); piece++)
            expect_http(&rows[i], piece);
}

/* A head without end must not fill the memory, nor be read behind its end. */
Test(protocol, endless_heads_and_lines_are_given_up)
{
    static char head[100000] = "HTTP/1.1 200 OK\r\nX: ";
    static char chunk[10000] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    memset(head + strlen(head), 'x', sizeof head - strlen(head) - 1);
    memset(chunk + strlen(chunk), '1', sizeof chunk - strlen(chunk) - 1);
    expect_http(&(struct http_row){head, REPLY_IS_WRONG, 0, false, 0}, 5000);
    static char line[100000];
    memset(line, 'x', sizeof line - 1);
    struct load_plan plan = plan_of(&load_protocol_exchange);
    struct dialogue dialogue;
    struct reply reply = {0};
    dialogue_init(&dialogue, &plan);
    feed(&dialogue, &reply, line, sizeof line - 1, 1000);
    cr_expect_eq(reply.progress, REPLY_IS_WRONG);
    reply_release(&reply);
    dialogue_release(&dialogue);
    expect_http(&(struct http_row){chunk, REPLY_IS_WRONG, 0, false, 0}, 500);
}
