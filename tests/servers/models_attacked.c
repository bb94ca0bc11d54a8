/* Models under attack: refusals that must arrive, and what a crowd of bad clients may cost. Counted
 * are bytes and descriptors. */
#include "tests/support/exceptions.h"
#include "tests/support/served.h"

#include "base/clock.h"
#include "base/memory.h"
#include "observe/usage.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct target start_with(const struct pair *pair)
{
    const char *const words[] = {"--protocol", pair->protocol, "--workers", "2", NULL};
    return served_start(pair->model, words);
}

/*** Refusals ***/

/* Sends `bytes` of one line that does not end, whatever comes back; how many went out. */
static size_t send_endless_line(int client, size_t bytes)
{
    static char text[65536];
    memset(text, 'x', sizeof text);
    size_t sent_bytes = 0;
    ssize_t sent = 0;
    while (sent_bytes < bytes && (sent = send(client, text, sizeof text, MSG_NOSIGNAL)) > 0)
        sent_bytes += (size_t)sent;
    return sent_bytes;
}

/* All that comes back, up to the end of the stream, which must not be a reset. */
static void receive_all(int client, char *text, size_t room)
{
    size_t length = 0;
    ssize_t got = 0;
    while (length + 1 < room && (got = recv(client, text + length, room - 1 - length, 0)) > 0)
        length += (size_t)got;
    cr_assert_eq(got, 0, "after %zu bytes: %s", length, strerror(errno));
    text[length] = '\0';
}

/* As much as a client may have on its way when it is refused: more than the buffers hold. */
static void expect_refusal(const struct pair *pair, const char *beginning, const char *refusal)
{
    struct target server = start_with(pair);
    int client = client_connect(&server);
    client_send(client, beginning, strlen(beginning));
    size_t bytes = (size_t)12 << 20;
    cr_assert_eq(send_endless_line(client, bytes), bytes, "%s", strerror(errno));
    char got[1024];
    receive_all(client, got, sizeof got);
    cr_assert(strncmp(got, refusal, strlen(refusal)) == 0, "%s", got);
    close(client);
    served_stop(&server);
}

ParameterizedTestParameters(attacked, a_head_without_end_is_refused_in_words)
{
    return every_model_with("http");
}

ParameterizedTest(struct pair *pair, attacked, a_head_without_end_is_refused_in_words)
{
    expect_refusal(pair, "GET / HTTP/1.1\r\nX: ", "HTTP/1.1 431 ");
}

ParameterizedTestParameters(attacked, a_body_that_nobody_reads_takes_no_answer_away)
{
    return every_model_with("http");
}

ParameterizedTest(struct pair *pair, attacked, a_body_that_nobody_reads_takes_no_answer_away)
{
    expect_refusal(pair, "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 12582912\r\n\r\n",
                   "HTTP/1.1 405 ");
}

ParameterizedTestParameters(attacked, a_line_without_end_is_refused_in_words)
{
    return every_model_with("prefix");
}

ParameterizedTest(struct pair *pair, attacked, a_line_without_end_is_refused_in_words)
{
    expect_refusal(pair, "word\n", "server got: word\nline too long\n");
}

ParameterizedTestParameters(attacked, the_last_page_arrives_although_more_is_asked)
{
    return every_model_with("http");
}

ParameterizedTest(struct pair *pair, attacked, the_last_page_arrives_although_more_is_asked)
{
    expect_refusal(pair, "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\nGET /",
                   "HTTP/1.1 200 ");
}

ParameterizedTestParameters(attacked, who_says_the_stop_word_is_not_reset)
{
    return every_model_with("sink");
}

/* Although it has said more than one receive brings, in one piece. */
ParameterizedTest(struct pair *pair, attacked, who_says_the_stop_word_is_not_reset)
{
    const char *const words[] = {"--protocol", "sink", "--quiet", "--stop-word", "fin", NULL};
    static char said[20000] = "fin\n";
    struct target server = served_start(pair->model, words);
    int client = client_connect(&server);
    client_send(client, said, sizeof said);
    char got[16];
    receive_all(client, got, sizeof got);
    close(client);
    served_stop(&server);
}

ParameterizedTestParameters(attacked, a_refused_client_cannot_send_for_ever)
{
    return every_model_with("http");
}

ParameterizedTest(struct pair *pair, attacked, a_refused_client_cannot_send_for_ever)
{
    struct target server = start_with(pair);
    int client = client_connect(&server);
    size_t bytes = (size_t)64 << 20;
    cr_assert_lt(send_endless_line(client, bytes), bytes, "it is listened to without end");
    close(client);
    served_stop(&server);
}

/*** Crowds ***/

#define CROWD 300

/* What workers open in their own time after their start. */
#define WORKERS_HOLDINGS 4

/* Both kernels hold so much of one that is not read, and no more is taken. */
#define SENT_BYTES (768 * 1024)

/* What one of them may cost the server's processes: a receive, what it is answered, and the block
 * that both lie in, of up to twice the size. With a worker, its stack and the pages that a child
 * writes to; with io_uring, all that the kernel had received before it was told to stop. */
static size_t bound_of(const struct pair *pair)
{
    if (is(pair->model, "io_uring"))
        return (size_t)1024 * 1024;
    bool has_worker = is(pair->model, "thread") || is(pair->model, "fork");
    return has_worker ? (size_t)320 * 1024 : (size_t)192 * 1024;
}

/* Asked again while a child of a forking server is just ending. */
static size_t memory_of(const struct target *server)
{
    struct usage usage = {0};
    int64_t deadline_ns = clock_now_ns() + 20 * NS_PER_S;
    while (!usage.has_memory && clock_now_ns() < deadline_ns)
        usage_read(&usage, server->process.pid);
    cr_assert(usage.has_memory);
    return (size_t)usage.memory_bytes;
}

/* A client with small buffers, so that what is not read soon piles up at the server. */
static int connect_narrow(const struct target *server)
{
    int client = client_connect(server);
    int bytes = 16384;
    setsockopt(client, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    setsockopt(client, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    return client;
}

/* A page for somebody who plays fair, unless the model makes him wait. */
static void expect_page(const struct pair *pair, const struct target *server)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
    char got[12] = {0};
    if (exception_of("stalls nobody", pair->model) != NULL)
        return;
    int client = client_connect(server);
    client_send(client, request, sizeof request - 1);
    cr_assert_eq(client_receive(client, got, sizeof got), sizeof got);
    cr_assert_arr_eq(got, "HTTP/1.1 200", sizeof got);
    close(client);
}

/* Each of the crowd says `text` until no more is taken, `most_bytes` at most, and never reads. */
static void expect_bounds(const struct pair *pair, const char *text, size_t most_bytes)
{
    static int crowd[CROWD];
    struct target server = start_with(pair);
    served_wait_for_tasks(&server, served_tasks_of(pair));
    expect_page(pair, &server);
    size_t holdings = served_holdings(&server);
    size_t before_bytes = memory_of(&server);
    for (size_t i = 0; i < CROWD; i++)
        crowd[i] = connect_narrow(&server);
    size_t sent_bytes = 0;
    size_t count = strlen(text);
    for (size_t offset = 0; offset < most_bytes; offset += count) {
        for (size_t i = 0; i < CROWD; i++)
            sent_bytes += send(crowd[i], text, count, MSG_NOSIGNAL | MSG_DONTWAIT) > 0 ? count : 0;
        if (offset % 65536 < count)
            expect_page(pair, &server); /* by then a loop has been round */
    }
    size_t grown_bytes = memory_of(&server) - before_bytes;
#ifdef __SANITIZE_ADDRESS__ /* which keeps what was freed */
    grown_bytes = 0;
#endif
    cr_assert_leq(grown_bytes, CROWD * bound_of(pair), "%zu bytes each", grown_bytes / CROWD);
    cr_assert_leq(sent_bytes, CROWD * (size_t)SENT_BYTES, "%zu bytes each", sent_bytes / CROWD);
    for (size_t i = 0; i < CROWD; i++)
        close(crowd[i]);
    served_wait_for_holdings(&server, holdings + WORKERS_HOLDINGS);
    served_stop(&server);
}

ParameterizedTestParameters(attacked, who_never_finishes_a_request_costs_little)
{
    return every_model_with("http");
}

ParameterizedTest(struct pair *pair, attacked, who_never_finishes_a_request_costs_little)
{
    expect_bounds(pair, "GET / HTTP/1.1\r\nX: yz", 22);
}

ParameterizedTestParameters(attacked, who_asks_and_never_reads_is_bounded)
{
    return every_model_with("http");
}

ParameterizedTest(struct pair *pair, attacked, who_asks_and_never_reads_is_bounded)
{
    static char requests[4096];
    for (size_t i = 0; i + 30 < sizeof requests; i += 30)
        memcpy(requests + i, "GET / HTTP/1.1\r\nHost: abcd\r\n\r\n", 30);
    expect_bounds(pair, requests, (size_t)2 * SENT_BYTES);
}
