/* Responses of HTTP/1: where they end and what is in them, in whatever pieces they come. Where the
 * replies of a load end is tested in tests/loadgen/protocols.c, with the same reader. */
#include "text/http_response.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

struct got {
    struct http_response response;
    struct http_content content;
    size_t taken;
};

/* Feeds it at most `piece` bytes at a time, each in memory of its own, so that a sanitizer sees
 * whoever reads on. */
static struct got feed(const char *text, size_t count, size_t piece, bool ends)
{
    struct got got = {0};
    while (got.taken < count && got.response.progress == HTTP_GOES_ON) {
        size_t next = count - got.taken < piece ? count - got.taken : piece;
        char *exact = malloc(next);
        memcpy(exact, text + got.taken, next);
        size_t step = http_response_take(&got.response, exact, next, &got.content);
        free(exact);
        cr_assert(step > 0 && step <= next, "%zu of %zu", step, next);
        got.taken += step;
    }
    if (ends)
        http_response_end(&got.response);
    return got;
}

static void release(struct got *got)
{
    http_response_release(&got->response);
    http_content_release(&got->content);
}

static void expect_body(const char *text, bool ends, const char *body)
{
    for (size_t piece = 1; piece <= strlen(text); piece++) {
        struct got got = feed(text, strlen(text), piece, ends);
        cr_expect_eq(got.response.progress, HTTP_IS_WHOLE, "by %zu: %s", piece, text);
        cr_expect(got.content.body.length == strlen(body) &&
                      (body[0] == '\0' ||
                       memcmp(bytes_front(&got.content.body), body, strlen(body)) == 0),
                  "by %zu: '%.*s' of %s", piece, (int)got.content.body.length,
                  bytes_front(&got.content.body), text);
        release(&got);
    }
}

Test(http_response, has_a_body_without_its_marks)
{
    expect_body("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, "hello");
    expect_body("HTTP/1.0 200 OK\r\n\r\nuntil the end", true, "until the end");
    expect_body("HTTP/1.0 200 OK\r\n\r\n", true, "");
    expect_body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                "4\r\nab\r\n\r\n3;x=y\r\ncde\r\n0\r\nTrailer: x\r\n\r\n",
                false, "ab\r\ncde");
    expect_body("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", false,
                "x");
}

static void expect_trouble(const char *text, const char *trouble)
{
    for (size_t piece = 1; piece <= strlen(text); piece++) {
        struct got got = feed(text, strlen(text), piece, true);
        cr_expect_eq(got.response.progress, HTTP_IS_WRONG, "by %zu: %s", piece, text);
        cr_expect(got.response.trouble != NULL && strstr(got.response.trouble, trouble) != NULL,
                  "by %zu: '%s' of %s", piece, got.response.trouble, text);
        release(&got);
    }
}

Test(http_response, says_what_is_wrong_with_it)
{
    expect_trouble("hello\r\n\r\n", "does not begin with HTTP/1.0");
    expect_trouble("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "Content-Length");
    expect_trouble("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                   "Content-Length");
    expect_trouble("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "before its body was whole");
    expect_trouble("HTTP/1.1 200 OK\r\nContent-", "before its head was whole");
    expect_trouble("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n",
                   "a chunk is longer or shorter");
    expect_trouble("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n",
                   "no hexadecimal number");
}

Test(http_response, has_no_body_after_head)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    struct http_response response = {.answers_head = true};
    cr_expect_eq(http_response_take(&response, text, strlen(text), NULL), strlen(text));
    cr_expect_eq(response.progress, HTTP_IS_WHOLE);
    cr_expect(response.has_length);
    cr_expect_eq(response.length_bytes, 5);
    http_response_release(&response);
}

static void expect_field(const struct got *got, const char *name, size_t number, const char *value)
{
    size_t length = 0;
    const char *found = http_field(&got->content, name, number, &length);
    if (value == NULL)
        cr_expect_null(found, "%s %zu", name, number);
    else
        cr_expect(found != NULL && length == strlen(value) && memcmp(found, value, length) == 0,
                  "%s %zu: '%.*s'", name, number, (int)length, found != NULL ? found : "");
}

Test(http_response, has_fields_in_any_case)
{
    static const char text[] = "HTTP/1.1 200 OK\r\ncontent-TYPE:text/plain \r\nSet-Cookie: a\r\n"
                               "X:\r\nset-cookie:  b\r\nContent-Length: 0\r\n\r\n";
    struct got got = feed(text, strlen(text), 7, false);
    expect_field(&got, "Content-Type", 0, "text/plain");
    expect_field(&got, "Content-Type", 1, NULL);
    expect_field(&got, "Set-Cookie", 0, "a");
    expect_field(&got, "Set-Cookie", 1, "b");
    expect_field(&got, "x", 0, "");
    expect_field(&got, "Content", 0, NULL);
    expect_field(&got, "HTTP/1.1 200 OK", 0, NULL);
    release(&got);
}

/* Broken at random places, each is read the same in one piece and in several. */
Test(http_response, is_read_alike_in_all_pieces)
{
    static const char *const texts[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhelloHTTP/1.1",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb;n=1\r\nhello chunk\r\n0\r\nT: "
        "1\r\n\r\nmore",
        "HTTP/1.0 404 Not Found\nConnection: keep-alive\n\nuntil the end",
    };
    static const char letters[] = "\r\n\0 :09afHT-;\xff";
    unsigned state = 1;
    for (int round = 0; round < 20000; round++) {
        char text[200];
        size_t count = strlen(texts[round % 3]);
        memcpy(text, texts[round % 3], count);
        for (unsigned change = state % 4; change > 0; change--) {
            state = state * 1103515245 + 12345;
            text[(state >> 8) % count] = letters[(state >> 20) % (sizeof letters - 1)];
        }
        state = state * 1103515245 + 12345;
        bool ends = (state >> 16) % 2 == 0;
        struct got whole = feed(text, count, count, ends);
        struct got pieces = feed(text, count, 1 + (state >> 10) % 9, ends);
        cr_assert_eq(whole.response.progress, pieces.response.progress);
        if (whole.response.progress != HTTP_IS_WRONG) {
            cr_assert_eq(whole.taken, pieces.taken);
            cr_assert_eq(whole.content.body.length, pieces.content.body.length);
            cr_assert_eq(whole.content.head.length, pieces.content.head.length);
        }
        release(&whole);
        release(&pieces);
    }
}
