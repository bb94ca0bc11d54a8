/* Models under trouble: crowds, limits, and clients that do not play fair. */
#include "tests/support/exceptions.h"
#include "tests/support/served.h"

#include "base/clock.h"
#include "base/socket.h"
#include "observe/task.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

static struct target start_pair(const struct pair *pair)
{
    return served_start(pair->model, NULL);
}

ParameterizedTestParameters(trouble, survives_10000_clients_that_reset_at_once)
{
    return every_model_with("echo");
}

ParameterizedTest(struct pair *pair, trouble, survives_10000_clients_that_reset_at_once,
                  .timeout = 120)
{
    struct target server = start_pair(pair);
    for (int i = 0; i < 10000; i++)
        socket_reset(client_connect(&server));
    int client = client_connect(&server);
    cr_assert(client_is_echoed(client));
    close(client);
    served_stop(&server);
}

#define MANY 1100

ParameterizedTestParameters(trouble, many_clients_are_served_or_refused)
{
    return every_model_with("echo");
}

ParameterizedTest(struct pair *pair, trouble, many_clients_are_served_or_refused, .timeout = 120)
{
    SKIP_EXCEPTIONS("many clients", pair->model);
    socket_raise_descriptor_limit();
    struct target server = start_pair(pair);
    static int clients[MANY];
    size_t served = 0;
    for (size_t i = 0; i < MANY; i++) {
        clients[i] = client_connect(&server);
        served += client_is_echoed(clients[i]);
    }
    if (is(pair->model, "select")) {
        cr_assert_lt(served, 1024, "more than an fd_set has room for");
        cr_assert_gt(served, 1000);
    } else {
        cr_assert_eq(served, MANY);
    }
    cr_assert(client_is_echoed(clients[0]), "the first client suffers from the last");
    for (size_t i = 0; i < MANY; i++)
        close(clients[i]);
    served_stop(&server);
}

ParameterizedTestParameters(trouble, runs_out_of_descriptors_and_goes_on)
{
    return every_model_with("echo");
}

ParameterizedTest(struct pair *pair, trouble, runs_out_of_descriptors_and_goes_on)
{
    SKIP_EXCEPTIONS("out of descriptors", pair->model);
    struct target server = served_start_limited(pair->model, 32);
    int clients[60];
    size_t served = 0;
    for (size_t i = 0; i < 60; i++) {
        clients[i] = client_connect(&server);
        served += client_is_echoed(clients[i]);
    }
    cr_assert_gt(served, 10);
    cr_assert_lt(served, 32, "more clients than descriptors");
    for (size_t i = 0; i < 60; i++)
        close(clients[i]);
    cr_assert(client_gets_through(&server), "nobody is served any more");
    served_stop(&server);
}

#define FLOOD_MAX_BYTES ((size_t)64 << 20)

/* Byte number `offset` of a flood: no two neighbouring kilobytes are alike. */
static char flood_byte(size_t offset)
{
    return (char)(offset ^ offset >> 8 ^ offset >> 16);
}

/* Sends until the socket takes no more for a while, because the server has stopped reading. How
 * many bytes went out. */
static size_t flood(int client)
{
    char data[4096];
    size_t sent_bytes = 0;
    struct pollfd writable = {.fd = client, .events = POLLOUT};
    while (sent_bytes < FLOOD_MAX_BYTES && poll(&writable, 1, 300) == 1) {
        for (size_t i = 0; i < sizeof data; i++)
            data[i] = flood_byte(sent_bytes + i);
        ssize_t sent = send(client, data, sizeof data, MSG_NOSIGNAL | MSG_DONTWAIT);
        sent_bytes += sent > 0 ? (size_t)sent : 0;
    }
    return sent_bytes;
}

ParameterizedTestParameters(trouble, nothing_is_lost_while_a_client_does_not_read)
{
    return every_model_with("echo");
}

ParameterizedTest(struct pair *pair, trouble, nothing_is_lost_while_a_client_does_not_read)
{
    struct target server = start_pair(pair);
    int client = client_connect(&server);
    size_t sent_bytes = flood(client);
    cr_assert_lt(sent_bytes, FLOOD_MAX_BYTES, "the server never stops reading");
    shutdown(client, SHUT_WR);
    char data[4096];
    size_t received_bytes = 0;
    size_t count = 0;
    while ((count = client_receive(client, data, sizeof data)) > 0) {
        for (size_t i = 0; i < count; i++)
            cr_assert_eq(data[i], flood_byte(received_bytes + i), "at %zu", received_bytes + i);
        received_bytes += count;
    }
    cr_assert_eq(received_bytes, sent_bytes);
    close(client);
    served_stop(&server);
}

ParameterizedTestParameters(trouble, a_client_that_never_reads_stalls_nobody)
{
    return every_model_with("echo");
}

ParameterizedTest(struct pair *pair, trouble, a_client_that_never_reads_stalls_nobody)
{
    SKIP_EXCEPTIONS("stalls nobody", pair->model);
    struct target server = start_pair(pair);
    int flooding = client_connect(&server);
    flood(flooding);
    int other = client_connect(&server);
    cr_assert(client_is_echoed(other));
    close(other);
    close(flooding);
    served_stop(&server);
}

ParameterizedTestParameters(trouble, ends_although_a_client_never_reads)
{
    return every_model_with("echo");
}

ParameterizedTest(struct pair *pair, trouble, ends_although_a_client_never_reads)
{
    struct target server = start_pair(pair);
    int flooding = client_connect(&server);
    flood(flooding);
    served_stop(&server);
    close(flooding);
}

ParameterizedTestParameters(trouble, refuses_clients_past_its_limit)
{
    return every_model_with("echo");
}

ParameterizedTest(struct pair *pair, trouble, refuses_clients_past_its_limit)
{
    SKIP_EXCEPTIONS("limit of clients", pair->model);
    const char *const further[] = {"--max-clients", "5", "--workers", "5", NULL};
    struct target server = served_start(pair->model, further);
    int clients[6];
    for (size_t i = 0; i < 6; i++) {
        clients[i] = client_connect(&server);
        cr_assert_eq(client_is_echoed(clients[i]), i < 5, "client %zu", i);
    }
    close(clients[0]);
    cr_assert(client_gets_through(&server), "a place that was left stays taken");
    for (size_t i = 1; i < 6; i++)
        close(clients[i]);
    served_stop(&server);
}

ParameterizedTestParameters(trouble, serves_as_many_at_once_as_it_has_workers)
{
    return every_model_with("echo");
}

ParameterizedTest(struct pair *pair, trouble, serves_as_many_at_once_as_it_has_workers)
{
    SKIP_EXCEPTIONS("few workers", pair->model);
    const char *const further[] = {"--workers", "3", NULL};
    struct target server = served_start(pair->model, further);
    int clients[4];
    for (size_t i = 0; i < 4; i++)
        clients[i] = client_connect(&server);
    for (size_t i = 0; i < 3; i++)
        cr_assert(client_is_echoed(clients[i]), "client %zu", i);
    client_send(clients[3], "x", 1);
    cr_assert(client_is_echoed(clients[0]), "the first is not served any more");
    struct pollfd fourth = {.fd = clients[3], .events = POLLIN};
    cr_assert_eq(poll(&fourth, 1, 0), 0, "the fourth is served by three workers");
    close(clients[1]);
    char echoed = 0;
    cr_assert_eq(client_receive(clients[3], &echoed, 1), 1, "the fourth is never served");
    for (size_t i = 0; i < 4; i++)
        if (i != 1)
            close(clients[i]);
    served_stop(&server);
}

Test(trouble, a_dead_worker_is_replaced)
{
    const char *const further[] = {"--workers", "2", NULL};
    struct target server = served_start("prefork", further);
    for (int i = 0; i < 20; i++) {
        served_wait_for_tasks(&server, 2);
        struct task_list workers = {0};
        task_list_read(&workers, server.process.pid);
        kill(workers.tasks[0].pid, SIGKILL);
        task_list_release(&workers);
        cr_assert(client_gets_through(&server));
    }
    served_stop(&server);
}
