/* One ring: accepts all the time, and for each client receives and sends in turn. */
#include <liburing.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
    int socket;
    unsigned unsent_bytes, sent_bytes;
    char data[16384];
};

static struct io_uring ring;

static struct io_uring_sqe *next_entry(void)
{
    struct io_uring_sqe *entry = io_uring_get_sqe(&ring);
    if (entry == NULL) {
        io_uring_submit(&ring);
        entry = io_uring_get_sqe(&ring);
    }
    return entry;
}

static void go_on(struct client *client)
{
    struct io_uring_sqe *entry = next_entry();
    if (client->unsent_bytes > 0)
        io_uring_prep_send(entry, client->socket, client->data + client->sent_bytes,
                           client->unsent_bytes, MSG_NOSIGNAL);
    else
        io_uring_prep_recv(entry, client->socket, client->data, sizeof client->data, 0);
    io_uring_sqe_set_data(entry, client);
}

static void welcome(int listener, int socket)
{
    struct io_uring_sqe *entry = next_entry();
    io_uring_prep_accept(entry, listener, NULL, NULL, 0);
    io_uring_sqe_set_data(entry, NULL);
    if (socket < 0)
        return;
    struct client *client = calloc(1, sizeof *client);
    client->socket = socket;
    go_on(client);
}

static void serve(struct client *client, int result)
{
    if (result <= 0) {
        close(client->socket);
        free(client);
        return;
    }
    if (client->unsent_bytes > 0) {
        client->sent_bytes += (unsigned)result;
        client->unsent_bytes -= (unsigned)result;
    } else {
        client->sent_bytes = 0;
        client->unsent_bytes = (unsigned)result;
    }
    go_on(client);
}

int main(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(9500),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int on = 1;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(listener, SOMAXCONN) < 0 || io_uring_queue_init(256, &ring, 0) < 0) {
        perror("listening");
        return 1;
    }
    welcome(listener, -1);
    while (io_uring_submit_and_wait(&ring, 1) >= 0) {
        struct io_uring_cqe *completion = NULL;
        while (io_uring_peek_cqe(&ring, &completion) == 0) {
            struct client *client = io_uring_cqe_get_data(completion);
            int result = completion->res;
            io_uring_cqe_seen(&ring, completion);
            if (client == NULL)
                welcome(listener, result);
            else
                serve(client, result);
        }
    }
    return 1;
}
