/* Answers "You told me: " and what was said, with a thread for each client, which ends with it
 * (AAP12, sections 4 and 5). */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int listen_on(uint16_t port, in_addr_t address, int backlog)
{
    struct sockaddr_in here = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(address),
    };
    int on = 1;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&here, sizeof here) < 0 ||
        listen(listener, backlog) < 0) {
        perror("listening");
        exit(1);
    }
    return listener;
}

/* False if nobody is there any more. */
static bool send_all(int peer, const char *data, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(peer, data, count, MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        data += sent;
        count -= (size_t)sent;
    }
    return true;
}

/* What a client has sent, and how much of it is read. */
struct stream {
    int fd;
    bool sends_lines; /* one without newlines is taken at its receives */
    size_t taken;     /* by the message handed out last */
    size_t count;
    char data[65536];
};

/* The next message with its line end, if it has one. Its length; 0 at the end of the stream. */
static size_t next_message(struct stream *stream)
{
    stream->count -= stream->taken;
    memmove(stream->data, stream->data + stream->taken, stream->count);
    for (;;) {
        const char *newline = memchr(stream->data, '\n', stream->count);
        bool is_full = stream->count == sizeof stream->data;
        stream->sends_lines |= newline != NULL;
        stream->taken = newline != NULL ? (size_t)(newline - stream->data) + 1 : stream->count;
        if (newline != NULL || is_full || (stream->count > 0 && !stream->sends_lines))
            return stream->taken;
        ssize_t count =
            recv(stream->fd, stream->data + stream->count, sizeof stream->data - stream->count, 0);
        if (count <= 0)
            return count == 0 ? stream->taken : 0;
        stream->count += (size_t)count;
    }
}

struct client {
    struct sockaddr_in peer;
    struct stream stream;
};

/* In one piece, as a client may be content with one receive. */
static bool answer(struct stream *stream, size_t length)
{
    static const char prefix[] = "You told me: ";
    char *text = malloc(sizeof prefix + length);
    size_t prefix_bytes = sizeof prefix - 1;
    memcpy(text, prefix, prefix_bytes);
    memcpy(text + prefix_bytes, stream->data, length);
    bool is_sent = send_all(stream->fd, text, prefix_bytes + length);
    free(text);
    return is_sent;
}

static void *serve(void *argument)
{
    struct client *client = argument;
    struct stream *stream = &client->stream;
    char address[INET_ADDRSTRLEN];
    int port = ntohs(client->peer.sin_port);
    size_t length = 0;
    inet_ntop(AF_INET, &client->peer.sin_addr, address, sizeof address);
    printf("the new connection was made form IP : %s, and port: %d!\n", address, port);
    while ((length = next_message(stream)) > 0) {
        size_t shown = length - (stream->data[length - 1] == '\n');
        printf("The client with Port:%d said: %.*s\n", port, (int)shown, stream->data);
        if (!answer(stream, length))
            break;
    }
    close(stream->fd);
    free(client);
    return NULL;
}

static void welcome(int listener)
{
    struct client *client = calloc(1, sizeof *client);
    socklen_t peer_bytes = sizeof client->peer;
    pthread_t thread;
    client->stream.fd = accept(listener, (struct sockaddr *)&client->peer, &peer_bytes);
    if (client->stream.fd >= 0 && pthread_create(&thread, NULL, serve, client) == 0) {
        pthread_detach(thread);
        return;
    }
    if (client->stream.fd >= 0)
        close(client->stream.fd);
    free(client);
}

int main(void)
{
    int listener = listen_on(12345, INADDR_ANY, 5);
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (;;)
        welcome(listener);
}
