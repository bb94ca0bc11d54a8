/* The http protocol without any socket. */
#include "base/memory.h"
#include "servers/protocols/protocol.h"
#include "servers/protocols/protocols.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define PAGE "Content-Type: text/plain\r\nContent-Length: 13\r\n\r\nhello, world\n"
#define OK   "HTTP/1.1 200 OK\r\n" PAGE
#define HOST "Host: here\r\n"

static struct conversation conversation;

static void begin(void)
{
    conversation = (struct conversation){.state = allocate(1, sizeof(struct bytes))};
}

TestSuite(http, .init = begin);

static enum next say(const char *text, size_t count)
{
    return protocol_find("http")->received(&conversation, text, count);
}

static const char *reply(void)
{
    bytes_append(&conversation.reply, "", 1);
    return bytes_front(&conversation.reply);
}

static size_t count_of(const char *text, const char *needle)
{
    size_t count = 0;
    while ((text = strstr(text, needle)) != NULL) {
        count++;
        text += strlen(needle);
    }
    return count;
}

static const struct request {
    const char *text;
    const char *status; /* how the answer begins */
    enum next next;
} requests[] = {
    {"GET / HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 OK", NEXT_RECEIVE},
    {"\r\n\r\nGET /a?b=c%20d HTTP/1.1\n" HOST "\n", "HTTP/1.1 200 OK", NEXT_RECEIVE},
    {"GET / HTTP/1.7\r\n" HOST "\r\n", "HTTP/1.1 200 OK", NEXT_RECEIVE},
    {"GET / HTTP/1.1\r\nhOST:\r\nX-Empty:\r\n\r\n", "HTTP/1.1 200 OK", NEXT_RECEIVE},
    {"GET / HTTP/1.1\r\n" HOST "Connection: foo , Close\r\n\r\n", "HTTP/1.1 200 OK", NEXT_SEE_OFF},
    {"GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\nConnection: close", NEXT_SEE_OFF},
    {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
     "HTTP/1.1 200 OK\r\nConnection: keep-alive", NEXT_RECEIVE},
    {"GET / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "HTTP/1.1 200 OK", NEXT_RECEIVE},
    {"GET / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab", "HTTP/1.1 200 OK", NEXT_SEE_OFF},
    {"GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK",
     NEXT_SEE_OFF},
    {"HEAD / HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 OK", NEXT_RECEIVE},
    {"GET / HTTP/1.1\r\n" HOST "Connection: close\r\nConnection: keep-alive\r\n\r\n",
     "HTTP/1.1 200 OK\r\nConnection: close", NEXT_SEE_OFF},
    {"GET http://here/ HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 200 OK", NEXT_RECEIVE},
    {"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "HTTP/1.1 200 OK", NEXT_RECEIVE},
    {"GET no-slash HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"POST / HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 405 ", NEXT_SEE_OFF},
    {"get / HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 501 ", NEXT_SEE_OFF},
    {"GET / HTTP/2.0\r\n" HOST "\r\n", "HTTP/1.1 505 ", NEXT_SEE_OFF},
    {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET / HTTP/1.1\r\n" HOST HOST "\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET /\r\n\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET  / HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET / HTTP/1.1 \r\n" HOST "\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET / http/1.1\r\n" HOST "\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET /\x01 HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"G@T / HTTP/1.1\r\n" HOST "\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET / HTTP/1.1\r\n" HOST "No colon\r\n\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET / HTTP/1.1\r\n" HOST "Name : x\r\n\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET / HTTP/1.1\r\n" HOST " folded\r\n\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET / HTTP/1.1\r\n" HOST "X: a\rb\r\n\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
    {"GET / HTTP/1.1\r\n" HOST "Content-Length: \r\n\r\n", "HTTP/1.1 400 ", NEXT_SEE_OFF},
};

Test(http, every_request_gets_the_status_it_has_earned)
{
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        const struct request *request = &requests[i];
        begin();
        enum next next = say(request->text, strlen(request->text));
        cr_expect_eq(next, request->next, "%s", request->text);
        cr_expect(strncmp(reply(), request->status, strlen(request->status)) == 0, "%s: %s",
                  request->text, reply());
        cr_expect_eq(count_of(reply(), "HTTP/1.1 "), 1, "%s", request->text);
    }
}

/* Each with `@` where a NUL is to stand: in every place of a head. */
Test(http, a_nul_is_refused_wherever_it_stands)
{
    static const char *const heads[] = {
        "GET / HTTP/1.1\r\n" HOST "X: a@b\r\n\r\n",
        "GET / HTTP/1.1\r\n" HOST "X: @a\r\n\r\n",
        "GET / HTTP/1.1\r\n" HOST "X: a@\r\n\r\n",
        "GET / HTTP/1.1\r\n" HOST "X: a @ \r\n\r\n",
        "GET / HTTP/1.1\r\n" HOST "X: @\r\n\r\n",
        "GET / HTTP/1.1\r\n" HOST "X@: a\r\n\r\n",
        "GET / HTTP/1.1\r\n" HOST "@\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: here@\r\n\r\n",
        "GET /@ HTTP/1.1\r\n" HOST "\r\n",
        "GET@ / HTTP/1.1\r\n" HOST "\r\n",
        "GET / HTTP/1.1@\r\n" HOST "\r\n",
        "@GET / HTTP/1.1\r\n" HOST "\r\n",
        "GET / HTTP/1.1\r\n" HOST "Connection: close@\r\n\r\n",
        "GET / HTTP/1.1\r\n" HOST "Content-Length: 0@\r\n\r\n",
        "GET / HTTP/1.1\r\n" HOST "Connection: close,@\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        char text[128];
        size_t count = strlen(heads[i]);
        memcpy(text, heads[i], count + 1);
        *strchr(text, '@') = '\0';
        begin();
        cr_expect_eq(say(text, count), NEXT_SEE_OFF, "%s", heads[i]);
        cr_expect_eq(strncmp(reply(), "HTTP/1.1 400 ", 13), 0, "%s: %s", heads[i], reply());
    }
}

Test(http, it_does_not_matter_where_the_network_cuts)
{
    static const char two[] =
        "\r\nGET /a HTTP/1.1\r\n" HOST "X: y\r\n\r\nGET /b HTTP/1.1\n" HOST "\n";
    for (size_t cut = 1; cut + 1 < sizeof two; cut++) {
        begin();
        cr_expect_eq(say(two, cut), NEXT_RECEIVE);
        cr_expect_eq(say(two + cut, sizeof two - 1 - cut), NEXT_RECEIVE);
        cr_expect_str_eq(reply(), OK OK, "cut at %zu", cut);
    }
    begin();
    for (size_t i = 0; i + 1 < sizeof two; i++)
        say(two + i, 1);
    cr_expect_str_eq(reply(), OK OK);
}

Test(http, nothing_is_answered_after_a_close)
{
    static const char text[] =
        "GET / HTTP/1.1\r\n" HOST "\r\nBAD\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n";
    cr_expect_eq(say(text, sizeof text - 1), NEXT_SEE_OFF);
    cr_expect_eq(count_of(reply(), "HTTP/1.1 200"), 1);
    cr_expect_eq(count_of(reply(), "HTTP/1.1 400"), 1);
}

Test(http, the_page_is_left_out_for_head)
{
    static const char text[] = "HEAD / HTTP/1.1\r\n" HOST "\r\n";
    say(text, sizeof text - 1);
    cr_expect(strstr(reply(), "Content-Length: 13\r\n\r\n") != NULL);
    cr_expect_eq(count_of(reply(), "hello"), 0);
}

Test(http, a_refused_head_gets_no_page_either)
{
    static const char text[] = "HEAD / HTTP/1.1\r\n\r\n";
    cr_expect_eq(say(text, sizeof text - 1), NEXT_SEE_OFF);
    const char *end = strstr(reply(), "\r\n\r\n");
    cr_assert_not_null(end);
    cr_expect_str_eq(end, "\r\n\r\n");
}

static enum next say_head_of(size_t bytes, bool whole)
{
    static const char start[] = "GET / HTTP/1.1\r\n" HOST "X: ";
    char *text = allocate(bytes + 1, 1);
    memset(text, 'x', bytes);
    memcpy(text, start, sizeof start - 1);
    if (whole)
        memcpy(text + bytes - 4, "\r\n\r\n", 4);
    enum next next = say(text, bytes);
    free(text);
    return next;
}

Test(http, a_head_past_the_limit_is_refused_whole_or_not)
{
    cr_expect_eq(say_head_of(8192, true), NEXT_RECEIVE);
    begin();
    cr_expect_eq(say_head_of(8193, true), NEXT_SEE_OFF);
    cr_expect_eq(strncmp(reply(), "HTTP/1.1 431 ", 13), 0);
    begin();
    cr_expect_eq(say_head_of(8192, false), NEXT_RECEIVE);
    cr_expect_eq(say("x", 1), NEXT_SEE_OFF);
    cr_expect_eq(strncmp(reply(), "HTTP/1.1 431 ", 13), 0);
}
