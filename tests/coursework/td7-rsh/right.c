/* Runs each line as a command, whose output and errors go to the client (TD7, section 4).
 *
 * While a client's command runs, its next one waits, and nobody else does: the loop waits for the
 * ends of commands (pidfds) beside its sockets. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
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

#define CLIENTS_MAX 256
#define WORDS_MAX   64

struct client {
    int fd;
    int child_end; /* -1 while no command runs */
    pid_t child;
    bool at_end;
    size_t count;
    char pending[4096];
};

static struct client clients[CLIENTS_MAX];
static size_t client_count;

static void become(char *command, int output)
{
    char *words[WORDS_MAX + 1] = {NULL};
    size_t count = 0;
    for (char *word = strtok(command, " \t\r"); word != NULL && count < WORDS_MAX;
         word = strtok(NULL, " \t\r"))
        words[count++] = word;
    dup2(open("/dev/null", O_RDONLY), 0);
    dup2(output, 1);
    dup2(output, 2);
    for (int fd = 3; fd < CLIENTS_MAX * 3; fd++)
        close(fd); /* what is not this command's business */
    execvp(words[0], words);
    dprintf(2, "%s: no such command\n", words[0]);
    _exit(1);
}

static void obey(struct client *client, char *line)
{
    if (line[strspn(line, " \t\r")] == '\0') {
        static const char complaint[] = ": no such command\n";
        send_all(client->fd, complaint, sizeof complaint - 1);
        return;
    }
    client->child = fork();
    if (client->child == 0)
        become(line, client->fd);
    client->child_end = client->child > 0 ? (int)syscall(SYS_pidfd_open, client->child, 0) : -1;
}

/* The next command, if it is whole. */
static bool take_line(struct client *client, char *line)
{
    const char *newline = memchr(client->pending, '\n', client->count);
    bool is_last = client->at_end || client->count == sizeof client->pending;
    if (newline == NULL && !(is_last && client->count > 0))
        return false;
    size_t length = newline != NULL ? (size_t)(newline - client->pending) : client->count;
    size_t taken = newline != NULL ? length + 1 : length;
    memcpy(line, client->pending, length);
    line[length] = '\0';
    client->count -= taken;
    memmove(client->pending, client->pending + taken, client->count);
    return true;
}

static void go_on(struct client *client)
{
    char line[sizeof client->pending + 1];
    while (client->child_end < 0 && take_line(client, line))
        obey(client, line);
}

static void receive(struct client *client)
{
    size_t room = sizeof client->pending - client->count;
    ssize_t count = recv(client->fd, client->pending + client->count, room, 0);
    client->at_end = count <= 0;
    if (count < 0)
        client->count = 0; /* nobody wants the answer */
    if (count > 0)
        client->count += (size_t)count;
}

static void finish(struct client *client)
{
    waitpid(client->child, NULL, 0);
    close(client->child_end);
    client->child_end = -1;
}

static void welcome(int listener)
{
    struct sockaddr_in peer;
    socklen_t peer_bytes = sizeof peer;
    int fd = accept(listener, (struct sockaddr *)&peer, &peer_bytes);
    if (fd < 0)
        return;
    if (client_count == CLIENTS_MAX) {
        close(fd);
        return;
    }
    printf("Incoming connection from %s on port %d...\n", inet_ntoa(peer.sin_addr),
           ntohs(peer.sin_port));
    fflush(stdout);
    clients[client_count++] = (struct client){.fd = fd, .child_end = -1};
}

static void remove_gone(void)
{
    for (size_t i = client_count; i-- > 0;) {
        if (!clients[i].at_end || clients[i].child_end >= 0)
            continue;
        puts("NULL message. Closing connection...");
        fflush(stdout);
        close(clients[i].fd);
        clients[i] = clients[--client_count];
    }
}

static void turn(int listener)
{
    struct pollfd watched[CLIENTS_MAX + 1];
    size_t count = client_count;
    for (size_t i = 0; i < count; i++) {
        bool is_running = clients[i].child_end >= 0;
        watched[i].fd = is_running ? clients[i].child_end : clients[i].fd;
        watched[i].events = POLLIN;
    }
    watched[count] = (struct pollfd){.fd = listener, .events = POLLIN};
    if (poll(watched, count + 1, -1) < 0)
        return;
    for (size_t i = 0; i < count; i++) {
        if (watched[i].revents == 0)
            continue;
        if (clients[i].child_end >= 0)
            finish(&clients[i]);
        else
            receive(&clients[i]);
        go_on(&clients[i]);
    }
    if (watched[count].revents != 0)
        welcome(listener);
    remove_gone();
}

int main(void)
{
    int listener = listen_on(2006, INADDR_LOOPBACK, 128);
    puts("server listening on port: 2006");
    fflush(stdout);
    do {
        turn(listener);
    } while (client_count > 0);
    close(listener);
    puts("Last connection closed. Bye!");
}
