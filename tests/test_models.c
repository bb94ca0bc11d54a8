/* The conformance suite: what every model must do with every protocol. */
#include "tests/served.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/socket.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct target start_pair(const struct pair *pair)
{
    const char *const further[] = {"--protocol", pair->protocol, NULL};
    return served_start(pair->model, further);
}

/* Reads what a sink has printed until `count` bytes of clients' text are there, without the
 * addresses and line ends that the sink added. */
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

/* What the client has sent must have been served: come back, or been printed. */
static void expect_served(struct target *server, const struct pair *pair, int client,
                          const char *echoed, const char *printed)
{
    char got[256] = {0};
    if (is(pair->protocol, "echo")) {
        cr_assert_eq(client_receive(client, got, strlen(echoed)), strlen(echoed));
        cr_assert_str_eq(got, echoed);
    } else {
        read_printed(server, got, strlen(printed));
        cr_assert_str_eq(got, printed);
    }
}

ParameterizedTestParameters(models, split_and_merged_messages_are_served_alike)
{
    return every_model_with(NULL);
}

ParameterizedTest(struct pair *pair, models, split_and_merged_messages_are_served_alike)
{
    struct target server = start_pair(pair);
    int client = client_connect(&server);
    client_send(client, "on", 2);
    expect_served(&server, pair, client, "on", "on");
    client_send(client, "e\ntwo\nthree\n", 12);
    expect_served(&server, pair, client, "e\ntwo\nthree\n", "etwothree");
    close(client);
    served_stop(&server);
}

/*** Much through a slow reader ***/

#define ECHOED_BYTES  ((size_t)8 << 20) /* more than all the buffers on the way hold */
#define PRINTED_BYTES ((size_t)1 << 20)

struct transfer {
    int client;
    size_t bytes;
    char *data;
};

/* Lines of 63 letters and a newline, each different from its neighbours. */
static void fill(struct transfer *transfer)
{
    transfer->data = allocate(transfer->bytes, 1);
    for (size_t i = 0; i < transfer->bytes; i++)
        transfer->data[i] = i % 64 == 63 ? '\n' : (char)('a' + (i + i / 64) % 26);
}

static void *send_all(void *argument)
{
    const struct transfer *transfer = argument;
    client_send(transfer->client, transfer->data, transfer->bytes);
    shutdown(transfer->client, SHUT_WR);
    return NULL;
}

static void receive_slowly(const struct transfer *transfer)
{
    char piece[1024];
    for (size_t offset = 0; offset < transfer->bytes; offset += sizeof piece) {
        cr_assert_eq(client_receive(transfer->client, piece, sizeof piece), sizeof piece);
        cr_assert_arr_eq(piece, transfer->data + offset, sizeof piece, "at %zu", offset);
    }
    cr_assert_eq(client_receive(transfer->client, piece, 1), 0, "more came back than was sent");
}

static void read_all_printed(struct target *server, const struct transfer *transfer)
{
    size_t lines = transfer->bytes / 64;
    char *text = allocate(lines * 63, 1);
    read_printed(server, text, lines * 63);
    for (size_t line = 0; line < lines; line++)
        cr_assert_arr_eq(text + line * 63, transfer->data + line * 64, 63, "in line %zu", line);
    free(text);
}

ParameterizedTestParameters(models, much_passes_whole_through_a_slow_reader)
{
    return every_model_with(NULL);
}

ParameterizedTest(struct pair *pair, models, much_passes_whole_through_a_slow_reader)
{
    struct target server = start_pair(pair);
    bool echoes = is(pair->protocol, "echo");
    struct transfer transfer = {
        .client = client_connect(&server),
        .bytes = echoes ? ECHOED_BYTES : PRINTED_BYTES,
    };
    int small_bytes = 131072;
    setsockopt(transfer.client, SOL_SOCKET, SO_RCVBUF, &small_bytes, sizeof small_bytes);
    fill(&transfer);
    pthread_t sender;
    pthread_create(&sender, NULL, send_all, &transfer);
    if (echoes)
        receive_slowly(&transfer);
    else
        read_all_printed(&server, &transfer);
    pthread_join(sender, NULL);
    close(transfer.client);
    free(transfer.data);
    served_stop(&server);
}

/*** Leaving ***/

ParameterizedTestParameters(models, a_half_closed_client_is_answered_to_the_end)
{
    return every_model_with(NULL);
}

ParameterizedTest(struct pair *pair, models, a_half_closed_client_is_answered_to_the_end)
{
    struct target server = start_pair(pair);
    int client = client_connect(&server);
    client_send(client, "last words", 10);
    shutdown(client, SHUT_WR);
    expect_served(&server, pair, client, "last words", "last words");
    char more = 0;
    cr_assert_eq(client_receive(client, &more, 1), 0);
    close(client);
    served_stop(&server);
}

ParameterizedTestParameters(models, a_reset_client_does_not_end_the_server)
{
    return every_model_with(NULL);
}

ParameterizedTest(struct pair *pair, models, a_reset_client_does_not_end_the_server)
{
    struct target server = start_pair(pair);
    for (int i = 0; i < 50; i++) {
        int client = client_connect(&server);
        if (i % 2 == 0)
            client_send(client, "\n", 1);
        socket_reset(client);
    }
    int client = client_connect(&server);
    client_send(client, "still there", 11);
    if (is(pair->protocol, "echo"))
        expect_served(&server, pair, client, "still there", "");
    close(client);
    served_stop(&server);
}

/* A server learns of a leave a moment later: its descriptors and tasks must come down to as many
 * as are allowed. How many there are then. */
static size_t wait_for_holdings(const struct target *server, size_t allowed)
{
    int64_t deadline_ns = clock_now_ns() + 20 * NS_PER_S;
    size_t held = served_holdings(server);
    while (held > allowed && clock_now_ns() < deadline_ns) {
        sched_yield();
        held = served_holdings(server);
    }
    cr_assert_leq(held, allowed, "%zu descriptors and tasks, not %zu", held, allowed);
    return held;
}

ParameterizedTestParameters(models, nothing_is_left_of_200_clients)
{
    return every_model_with(NULL);
}

ParameterizedTest(struct pair *pair, models, nothing_is_left_of_200_clients)
{
    const char *const further[] = {"--protocol", pair->protocol, "--workers", "2", NULL};
    struct target server = served_start(pair->model, further);
    if (has_few_workers(pair->model) && !is(pair->model, "sequential"))
        served_wait_for_tasks(&server, 2); /* they start while it already listens */
    size_t allowed = 0;
    for (int i = 0; i < 200; i++) {
        int client = client_connect(&server);
        client_send(client, "hello\n", 6);
        expect_served(&server, pair, client, "hello\n", "hello");
        size_t held = served_holdings(&server);
        close(client);
        if (i == 0) /* at least a descriptor or a task has to go with its client */
            allowed = wait_for_holdings(&server, held - 1);
    }
    wait_for_holdings(&server, allowed);
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
    client_send(clients[0], "hello\n", 6);
    expect_served(&server, pair, clients[0], "hello\n", "hello");
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
    expect_served(&server, pair, client, "", "finale");
    client_send(client, "  FIN \r\n", 8);
    char more = 0;
    cr_assert_eq(client_receive(client, &more, 1), 0);
    close(client);
    served_stop(&server);
}
