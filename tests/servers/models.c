/* The conformance suite: what every model must do with every protocol. */
#include "tests/support/dialects.h"
#include "tests/support/served.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/socket.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WORDS_MAX 16

static struct target start_with(const struct pair *pair, const char *const further[])
{
    const char *words[WORDS_MAX] = {"--protocol", pair->protocol};
    size_t count = 2;
    const struct dialect *dialect = dialect_of(pair->protocol);
    for (size_t i = 0; dialect->options[i] != NULL; i++)
        words[count++] = dialect->options[i];
    for (size_t i = 0; further != NULL && further[i] != NULL; i++)
        words[count++] = further[i];
    cr_assert_lt(count, WORDS_MAX);
    return served_start(pair->model, words);
}

static struct target start_pair(const struct pair *pair)
{
    return start_with(pair, NULL);
}

/* Reads what a server has printed until `count` bytes of clients' text are there, without the
 * addresses and line ends that it added. */
static void read_printed(struct target *server, char *text, size_t count)
{
    char line[32768];
    size_t length = 0;
    while (length < count) {
        int error =
            process_read_line(&server->process, line, sizeof line, clock_now_ns() + 20 * NS_PER_S);
        cr_assert_eq(error, 0, "after %zu of %zu bytes: %s", length, count, strerror(-error));
        const char *said = strstr(line, ": ") + 2;
        cr_assert_leq(length + strlen(said), count);
        memcpy(text + length, said, strlen(said));
        length += strlen(said);
    }
}

/* The answer must have come back, or been printed. */
static void expect_answer(struct target *server, const struct pair *pair, int client,
                          const char *answer)
{
    char got[1024] = {0};
    size_t length = strlen(answer);
    if (dialect_of(pair->protocol)->prints)
        read_printed(server, got, length);
    else
        cr_assert_eq(client_receive(client, got, length), length, "only '%s' came back", got);
    cr_assert_str_eq(got, answer);
}

static void expect_exchange(struct target *server, const struct pair *pair, int client,
                            const struct exchange *exchange)
{
    client_send(client, exchange->said, strlen(exchange->said));
    expect_answer(server, pair, client, exchange->answered);
}

static void expect_end(int client)
{
    char more = 0;
    cr_assert_eq(client_receive(client, &more, 1), 0, "more came back than was due");
}

/*** Messages ***/

ParameterizedTestParameters(models, split_and_merged_messages_are_served_alike)
{
    return every_model_with(NULL);
}

ParameterizedTest(struct pair *pair, models, split_and_merged_messages_are_served_alike)
{
    const struct dialect *dialect = dialect_of(pair->protocol);
    struct target server = start_pair(pair);
    int client = client_connect(&server);
    expect_exchange(&server, pair, client, &dialect->first);
    client_send(client, dialect->piece, strlen(dialect->piece));
    expect_exchange(&server, pair, client, &dialect->rest);
    shutdown(client, SHUT_WR);
    expect_end(client);
    close(client);
    served_stop(&server);
}

/*** Much through a slow reader ***/

struct transfer {
    int client;
    struct bulk bulk;
};

static void *send_all(void *argument)
{
    const struct transfer *transfer = argument;
    client_send(transfer->client, transfer->bulk.said, transfer->bulk.said_bytes);
    shutdown(transfer->client, SHUT_WR);
    return NULL;
}

static void receive_slowly(const struct transfer *transfer)
{
    char piece[1024];
    size_t all = transfer->bulk.answered_bytes;
    for (size_t offset = 0; offset < all;) {
        size_t due = all - offset < sizeof piece ? all - offset : sizeof piece;
        cr_assert_eq(client_receive(transfer->client, piece, due), due, "at %zu", offset);
        cr_assert_arr_eq(piece, transfer->bulk.answered + offset, due, "at %zu", offset);
        offset += due;
    }
    expect_end(transfer->client);
}

/* Takes the whole lines that have come off `printed`; what was said in them is appended. */
static void take_lines(struct bytes *printed, struct bytes *said)
{
    const char *line = bytes_front(printed);
    const char *end = line + printed->length;
    const char *newline = NULL;
    while (line < end && (newline = memchr(line, '\n', (size_t)(end - line))) != NULL) {
        const char *begin = memmem(line, (size_t)(newline - line), ": ", 2);
        cr_assert_not_null(begin, "a line that nobody said");
        bytes_append(said, begin + 2, (size_t)(newline - begin) - 2);
        line = newline + 1;
    }
    bytes_consume(printed, (size_t)(line - bytes_front(printed)));
}

/* In large pieces: nothing comes after it. */
static void read_all_printed(struct target *server, const struct transfer *transfer)
{
    struct bytes printed = {0};
    struct bytes said = {0};
    struct pollfd output = {.fd = server->process.output_fd, .events = POLLIN};
    while (said.length < transfer->bulk.answered_bytes) {
        char piece[65536];
        ssize_t count = poll(&output, 1, 20000) == 1 ? read(output.fd, piece, sizeof piece) : 0;
        cr_assert_gt(count, 0, "after %zu bytes", said.length);
        bytes_append(&printed, piece, (size_t)count);
        take_lines(&printed, &said);
    }
    cr_assert_eq(said.length, transfer->bulk.answered_bytes);
    cr_assert_arr_eq(bytes_front(&said), transfer->bulk.answered, said.length);
    bytes_release(&printed);
    bytes_release(&said);
}

ParameterizedTestParameters(models, much_passes_whole_through_a_slow_reader)
{
    return every_model_with(NULL);
}

ParameterizedTest(struct pair *pair, models, much_passes_whole_through_a_slow_reader)
{
    const struct dialect *dialect = dialect_of(pair->protocol);
    struct target server = start_pair(pair);
    struct transfer transfer = {.client = client_connect(&server)};
    int small_bytes = 131072;
    setsockopt(transfer.client, SOL_SOCKET, SO_RCVBUF, &small_bytes, sizeof small_bytes);
    dialect->make_bulk(&transfer.bulk);
    pthread_t sender;
    pthread_create(&sender, NULL, send_all, &transfer);
    if (dialect->prints)
        read_all_printed(&server, &transfer);
    else
        receive_slowly(&transfer);
    pthread_join(sender, NULL);
    close(transfer.client);
    free(transfer.bulk.said);
    free(transfer.bulk.answered);
    served_stop(&server);
}

/*** Leaving ***/

ParameterizedTestParameters(models, a_half_closed_client_is_answered_to_the_end)
{
    return every_model_with(NULL);
}

ParameterizedTest(struct pair *pair, models, a_half_closed_client_is_answered_to_the_end)
{
    const struct exchange *last = &dialect_of(pair->protocol)->last;
    struct target server = start_pair(pair);
    int client = client_connect(&server);
    client_send(client, last->said, strlen(last->said));
    shutdown(client, SHUT_WR);
    expect_answer(&server, pair, client, last->answered);
    expect_end(client);
    close(client);
    served_stop(&server);
}

ParameterizedTestParameters(models, a_reset_client_does_not_end_the_server)
{
    return every_model_with(NULL);
}

ParameterizedTest(struct pair *pair, models, a_reset_client_does_not_end_the_server)
{
    const struct exchange *first = &dialect_of(pair->protocol)->first;
    struct target server = start_pair(pair);
    for (int i = 0; i < 50; i++) {
        int client = client_connect(&server);
        if (i % 2 == 0)
            client_send(client, "\n", 1);
        socket_reset(client);
    }
    int client = client_connect(&server);
    client_send(client, first->said, strlen(first->said));
    if (!dialect_of(pair->protocol)->prints)
        expect_answer(&server, pair, client, first->answered);
    close(client);
    served_stop(&server);
}

ParameterizedTestParameters(models, nothing_is_left_of_200_clients)
{
    return every_model_with(NULL);
}

ParameterizedTest(struct pair *pair, models, nothing_is_left_of_200_clients)
{
    const char *const further[] = {"--workers", "2", NULL};
    struct target server = start_with(pair, further);
    served_wait_for_tasks(&server, served_tasks_of(pair)); /* they start while it already listens */
    size_t allowed = 0;
    for (int i = 0; i < 200; i++) {
        int client = client_connect(&server);
        expect_exchange(&server, pair, client, &dialect_of(pair->protocol)->first);
        size_t held = i == 99 ? served_holdings(&server) : 0;
        close(client);
        /* By then every worker has served somebody, and so opened whatever it keeps open. At least
         * a descriptor or a task has to go with its client. */
        if (i == 99)
            allowed = served_wait_for_holdings(&server, held - 1);
    }
    served_wait_for_holdings(&server, allowed);
    served_stop(&server);
}

ParameterizedTestParameters(models, ends_in_order_with_clients_connected)
{
    return every_model_with(NULL);
}

ParameterizedTest(struct pair *pair, models, ends_in_order_with_clients_connected)
{
    struct target server = start_pair(pair);
    int clients[10];
    for (size_t i = 0; i < 10; i++)
        clients[i] = client_connect(&server);
    expect_exchange(&server, pair, clients[0], &dialect_of(pair->protocol)->first);
    served_stop(&server);
    char more = 0;
    cr_assert_eq(recv(clients[0], &more, 1, 0), 0, "an end of the stream, not a reset");
    for (size_t i = 0; i < 10; i++)
        close(clients[i]);
}

ParameterizedTestParameters(models, leaves_a_client_at_the_stop_word)
{
    return every_model_with("sink");
}

ParameterizedTest(struct pair *pair, models, leaves_a_client_at_the_stop_word)
{
    const char *const further[] = {"--protocol", "sink", "--stop-word", "fin", NULL};
    struct target server = served_start(pair->model, further);
    int client = client_connect(&server);
    client_send(client, "finale\n", 7);
    expect_answer(&server, pair, client, "finale");
    client_send(client, "  FIN \r\n", 8);
    expect_end(client);
    close(client);
    served_stop(&server);
}
