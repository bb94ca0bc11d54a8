/* What clients say in the protocol of an assignment, and what they must get for it. */
#include "grader/protocols/protocol.h"

#include <criterion/criterion.h>
#include <string.h>

#define WORD "word"

static const struct speech speech = {
    .word = WORD, .word_bytes = sizeof WORD - 1, .who = "ann", .to = "bob", .host = "127.0.0.1:80"};

#define MESSAGE(...)  (&(struct protocol_message){__VA_ARGS__})
#define TEXT(literal) MESSAGE(.text = (char[]){literal})

static void expect_said(const struct play_protocol *protocol, const char *expected, size_t count)
{
    struct bytes said = {0};
    play_protocol_say(protocol, &speech, &said);
    cr_expect_eq(said.length, count, "%zu bytes instead of %zu", said.length, count);
    cr_expect(said.length == count && memcmp(bytes_front(&said), expected, count) == 0, "%.*s",
              (int)said.length, bytes_front(&said));
    bytes_release(&said);
}

#define EXPECT_SAID(protocol, literal) expect_said((protocol), (literal), sizeof(literal) - 1)

/* The state of the answers to one message once this has come, in one piece and byte by byte. */
static enum taken take(const struct play_protocol *protocol, const char *came, size_t count,
                       bool has_ended, size_t *left)
{
    enum taken whole = TAKEN_PART;
    for (size_t piece = count > 0 ? count : 1;; piece = 1) {
        struct answers answers = {0};
        size_t begin = 0, end = 0, taken_bytes = 0;
        enum taken taken = TAKEN_PART;
        play_protocol_await(protocol, &speech, &answers);
        do {
            end = end + piece < count ? end + piece : count;
            const struct incoming incoming = {.data = came + begin,
                                              .count = end - begin,
                                              .has_ended = has_ended && end == count,
                                              .is_final = end == count};
            taken = answers_take(&answers, &incoming, &taken_bytes);
            begin += taken_bytes;
        } while (end < count && taken != TAKEN_WRONG);
        answers_release(&answers);
        if (piece > 1 || count <= 1) {
            whole = taken;
            *left = count - begin;
        }
        cr_expect_eq(taken, whole, "%.*s", (int)count, came);
        if (piece == 1)
            return whole;
    }
}

static void expect_taken(const struct play_protocol *protocol, const char *came, size_t count,
                         bool has_ended, enum taken expected, size_t expected_left)
{
    size_t left = 0;
    enum taken taken = take(protocol, came, count, has_ended, &left);
    cr_expect_eq(taken, expected, "%d: %.*s", (int)taken, (int)count, came);
    if (expected == TAKEN_WHOLE)
        cr_expect_eq(left, expected_left, "%zu left of %.*s", left, (int)count, came);
}

#define EXPECT_WHOLE(protocol, literal, left)                                                      \
    expect_taken((protocol), (literal), sizeof(literal) - 1, false, TAKEN_WHOLE, (left))
#define EXPECT_WRONG(protocol, literal)                                                            \
    expect_taken((protocol), (literal), sizeof(literal) - 1, false, TAKEN_WRONG, 0)
#define EXPECT_PART(protocol, literal)                                                             \
    expect_taken((protocol), (literal), sizeof(literal) - 1, false, TAKEN_PART, 0)

Test(protocol, of_lines, .timeout = 10)
{
    const struct play_protocol echo = {.kind = PROTOCOL_ECHO};
    EXPECT_SAID(&echo, "word\n");
    EXPECT_WHOLE(&echo, "word\n", 0);
    EXPECT_WHOLE(&echo, "word\nmore", 4);
    EXPECT_PART(&echo, "wor");
    EXPECT_WRONG(&echo, "worse");
    const struct play_protocol prefix = {
        .kind = PROTOCOL_PREFIX, .prefix = "> ", .line_end = "\r\n\r\n"};
    EXPECT_SAID(&prefix, "word\r\n\r\n");
    EXPECT_WHOLE(&prefix, "> word\r\n\r\n", 0);
}

Test(protocol, has_one_answer_to_an_ask_of_several_lines, .timeout = 10)
{
    const struct play_protocol ping = {.kind = PROTOCOL_EXCHANGE,
                                       .ask = TEXT("*1\r\n$4\r\nPING\r\n"),
                                       .answer = TEXT("+PONG\r\n")};
    EXPECT_SAID(&ping, "*1\r\n$4\r\nPING\r\n");
    EXPECT_WHOLE(&ping, "+PONG\r\n", 0);
    const struct play_protocol tokens = {.kind = PROTOCOL_EXCHANGE,
                                         .ask = TEXT("PUT {token}\nGET {token}\n"),
                                         .answer = TEXT("{token} {token}\n")};
    EXPECT_SAID(&tokens, "PUT word\nGET word\n");
    EXPECT_WHOLE(&tokens, "word word\n", 0);
}

Test(protocol, takes_a_zero_for_a_byte, .timeout = 10)
{
    const struct play_protocol frames = {.kind = PROTOCOL_EXCHANGE,
                                         .ask = TEXT("{hex:0004}{token}"),
                                         .answer = TEXT("{hex:000400}{token}{hex:00}")};
    EXPECT_SAID(&frames, "\0\4word");
    EXPECT_WHOLE(&frames, "\0\4\0word\0", 0);
    const struct play_protocol strings = {.kind = PROTOCOL_ECHO, .line_end = "{hex:00}"};
    struct bytes line = play_protocol_line(&strings, "bye", NULL);
    cr_expect(line.length == 4 && memcmp(bytes_front(&line), "bye", 4) == 0);
    bytes_release(&line);
}

/* What is printed ends its line. */
Test(protocol, of_a_sink_is_what_is_printed, .timeout = 10)
{
    const struct play_protocol sink = {.kind = PROTOCOL_SINK, .line_end = ""};
    struct answers answers = {0};
    size_t taken_bytes = 0;
    EXPECT_SAID(&sink, "word");
    play_protocol_await(&sink, &speech, &answers);
    const struct incoming printed = {.data = "got: word!\n", .count = 11};
    cr_expect_eq(answers.all[0].text.length, 5);
    cr_expect_eq(answers_take(&answers, &printed, &taken_bytes), TAKEN_WHOLE);
    cr_expect_eq(taken_bytes, 0);
    answers_release(&answers);
}

Test(protocol, has_lengths_in_front, .timeout = 10)
{
    const struct play_protocol echo = {.kind = PROTOCOL_ECHO, .frame_bytes = 4};
    EXPECT_SAID(&echo, "\0\0\0\4word");
    EXPECT_WHOLE(&echo, "\0\0\0\4word", 0);
    const struct play_protocol exchange = {.kind = PROTOCOL_EXCHANGE,
                                           .frame_bytes = 2,
                                           .ask = TEXT("ADD {token}"),
                                           .answer_pattern = "{token}|[0-9]+"};
    EXPECT_SAID(&exchange, "\0\10ADD word");
    EXPECT_WHOLE(&exchange, "\0\4word", 0);
    EXPECT_WHOLE(&exchange,
                 "\0\2"
                 "17"
                 "more",
                 4);
    EXPECT_PART(&exchange, "\0\2"
                           "1");
    EXPECT_WRONG(&exchange, "\0\3"
                            "17.");
}

/* Up to its end, which is not known before something else comes, or nothing. */
Test(protocol, has_patterns_for_answers, .timeout = 10)
{
    const struct play_protocol line = {.kind = PROTOCOL_EXCHANGE,
                                       .ask = TEXT("{token}\n"),
                                       .answer_pattern = "RESULT [0-9]+ {token} *\r?\n"};
    EXPECT_WHOLE(&line, "RESULT 12 word  \r\n", 0);
    EXPECT_WHOLE(&line, "RESULT 12 word\nRESULT", 6);
    EXPECT_WRONG(&line, "result 12 word\n");
    const struct play_protocol number = {
        .kind = PROTOCOL_EXCHANGE, .ask = TEXT("{token}\n"), .answer_pattern = "[0-9]+"};
    EXPECT_WHOLE(&number, "123", 0);
    EXPECT_WRONG(&number, "x123");
}

Test(protocol, ends_with_the_connection, .timeout = 10)
{
    const struct play_protocol closes = {.kind = PROTOCOL_EXCHANGE,
                                         .ask = TEXT("{token}\n"),
                                         .answer = TEXT("{token}\n"),
                                         .closes = true};
    EXPECT_PART(&closes, "word\n");
    expect_taken(&closes, "word\n", 5, true, TAKEN_WHOLE, 0);
    EXPECT_WRONG(&closes, "word\nmore");
}

/*** HTTP ***/

static struct http_header type[] = {{"content-type", "text/html"}};

Test(protocol, writes_requests, .timeout = 10)
{
    struct http_header headers[] = {{"host", "x"}, {"X-Word", "{token}"}};
    const struct play_protocol get = {.kind = PROTOCOL_HTTP, .ask = TEXT("GET /{token}")};
    EXPECT_SAID(&get, "GET /word HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n");
    const struct play_protocol post = {
        .kind = PROTOCOL_HTTP,
        .ask = MESSAGE(.request = "POST /a HTTP/1.0",
                       .http = {.headers = headers, .headers_count = 2, .body = "{token}!"})};
    EXPECT_SAID(&post, "POST /a HTTP/1.0\r\nhost: x\r\nX-Word: word\r\nContent-Length: 5\r\n\r\n"
                       "word!");
}

static const struct play_protocol page = {
    .kind = PROTOCOL_HTTP,
    .ask = TEXT("GET /"),
    .answer = MESSAGE(.status = "200",
                      .http = {.headers = type, .headers_count = 1, .body = "hi {token}"})};

#define OK_HTML "HTTP/1.1 200 Fine\r\nContent-Type: text/html; charset=utf-8\r\n"

Test(protocol, takes_responses, .timeout = 10)
{
    EXPECT_WHOLE(&page, OK_HTML "Content-Length: 7\r\n\r\nhi word", 0);
    EXPECT_WHOLE(&page, OK_HTML "Content-Length: 7\r\n\r\nhi wordHTTP", 4);
    EXPECT_WHOLE(&page,
                 OK_HTML "Transfer-Encoding: chunked\r\n\r\n3\r\nhi \r\n4\r\nword\r\n0\r\n"
                         "\r\n",
                 0);
    static const char until_end[] = OK_HTML "\r\nhi word";
    expect_taken(&page, until_end, sizeof until_end - 1, true, TAKEN_WHOLE, 0);
    EXPECT_PART(&page, OK_HTML "\r\nhi word");
    EXPECT_PART(&page, OK_HTML "Content-Length: 7\r\n\r\nhi wor");
    EXPECT_WRONG(&page, OK_HTML "Content-Length: 6\r\n\r\nhi word");
    EXPECT_WRONG(&page, OK_HTML "Content-Length: 7\r\n\r\nhi Word");
    EXPECT_WRONG(&page, "HTTP/1.1 404 x\r\ncontent-type:text/html\r\nContent-Length: 7\r\n\r\n"
                        "hi word");
    EXPECT_WRONG(&page, "HTTP/1.1 200 x\r\nContent-Length: 7\r\n\r\nhi word");
    EXPECT_WRONG(&page, "HTTP/1.1 200 x\r\nContent-Type: text/htmlx\r\nContent-Length: 7\r\n\r\n"
                        "hi word");
    EXPECT_WRONG(&page, "hello world, hi word\r\n");
}

Test(protocol, takes_classes_of_statuses_and_patterns, .timeout = 10)
{
    char *patterns[] = {"b+", "^a"};
    const struct play_protocol missing = {
        .kind = PROTOCOL_HTTP,
        .ask = TEXT("GET /"),
        .answer = MESSAGE(.text = "4xx", .http = {.body_patterns = patterns,
                                                  .body_patterns_count = 2,
                                                  .length = HTTP_LENGTH_RIGHT})};
    EXPECT_WHOLE(&missing, "HTTP/1.1 410 x\r\nContent-Length: 4\r\n\r\na bb", 0);
    EXPECT_WRONG(&missing, "HTTP/1.1 200 x\r\nContent-Length: 4\r\n\r\na bb");
    EXPECT_WRONG(&missing, "HTTP/1.1 404 x\r\nContent-Length: 4\r\n\r\n bba");
    EXPECT_WRONG(&missing, "HTTP/1.1 404 x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na bb\r\n0\r\n"
                           "\r\n");
}

/*** Chats ***/

Test(protocol, is_heard_in_any_order, .timeout = 10)
{
    const struct play_protocol chat = {.kind = PROTOCOL_CHAT,
                                       .say = "SEND {to} {text}\n",
                                       .confirmed = "OK\n",
                                       .heard_pattern = "^<{who}> {text}$"};
    struct answers answers = {0};
    size_t taken_bytes = 0;
    EXPECT_SAID(&chat, "SEND bob word\n");
    cr_expect(play_protocol_is_heard(&chat) && play_protocol_is_for_one(&chat));
    play_protocol_await(&chat, &speech, &answers);
    play_protocol_of(&chat)->hear(&chat, &speech, &answers);
    const struct incoming half = {.data = "<ann> word\r\nO", .count = 13};
    cr_expect_eq(answers_take(&answers, &half, &taken_bytes), TAKEN_PART);
    cr_expect_eq(taken_bytes, 12);
    const struct incoming rest = {.data = "OK\n", .count = 3};
    cr_expect_eq(answers_take(&answers, &rest, &taken_bytes), TAKEN_WHOLE);
    cr_expect_eq(answers.taken, 2);
    answers_release(&answers);
    play_protocol_of(&chat)->hear(&chat, &speech, &answers);
    const struct incoming other = {.data = "<eve> word\n", .count = 11};
    cr_expect_eq(answers_take(&answers, &other, &taken_bytes), TAKEN_WRONG);
    answers_release(&answers);
}

/*** What is allowed ***/

static bool takes_any_word(char *ask, char *answer)
{
    return play_protocol_takes_any_word(&(struct play_protocol){
        .kind = PROTOCOL_EXCHANGE, .ask = MESSAGE(.text = ask), .answer = MESSAGE(.text = answer)});
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
    cr_expect_not(play_protocol_takes_any_word(
        &(struct play_protocol){.kind = PROTOCOL_ECHO, .frame_bytes = 2}));
    cr_expect_not(play_protocol_takes_any_word(&page));
}

static bool is_stream(enum protocol_kind kind, char *ask, char *line_end)
{
    return play_protocol_is_stream(&(struct play_protocol){
        .kind = kind, .ask = ask != NULL ? MESSAGE(.text = ask) : NULL, .line_end = line_end});
}

Test(protocol, is_a_stream_where_messages_have_ends, .timeout = 10)
{
    cr_expect(is_stream(PROTOCOL_ECHO, NULL, ""));
    cr_expect(is_stream(PROTOCOL_SINK, NULL, ""));
    cr_expect(is_stream(PROTOCOL_PREFIX, NULL, NULL));
    cr_expect(is_stream(PROTOCOL_EXCHANGE, "GET\r\n\r\n", NULL));
    cr_expect(is_stream(PROTOCOL_EXCHANGE, "{hex:0003}GET", NULL));
    cr_expect_not(is_stream(PROTOCOL_PREFIX, NULL, ""));
    cr_expect_not(is_stream(PROTOCOL_EXCHANGE, "GET", NULL));
    cr_expect(play_protocol_is_stream(&page));
}
