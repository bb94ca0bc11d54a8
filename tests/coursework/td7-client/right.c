/* Sends a line, shows what comes back, and so on; ends its side at the end of input (TD7, section
 * 2). */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

static int connect_to(const char *host, const char *port)
{
    struct addrinfo wish = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(host, port, &wish, &found) != 0) {
        fprintf(stderr, "there is no %s:%s\n", host, port);
        exit(1);
    }
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(server, found->ai_addr, found->ai_addrlen) < 0) {
        perror("connecting");
        exit(1);
    }
    freeaddrinfo(found);
    return server;
}

/* False at the end of what the server says. */
static bool show_answer(int server)
{
    char answer[4096];
    ssize_t count = recv(server, answer, sizeof answer, 0);
    if (count <= 0)
        return false;
    fwrite(answer, 1, (size_t)count, stdout);
    fflush(stdout);
    return true;
}

int main(int argument_count, char **arguments)
{
    char line[4096];
    ssize_t count = 0;
    if (argument_count != 3) {
        printf("Usage: %s hote port\n", arguments[0]);
        return 1;
    }
    int server = connect_to(arguments[1], arguments[2]);
    printf("connected to: ('%s', %s)\n", arguments[1], arguments[2]);
    fflush(stdout);
    while ((count = read(0, line, sizeof line)) > 0)
        if (!send_all(server, line, (size_t)count) || !show_answer(server))
            return 0;
    shutdown(server, SHUT_WR);
    while (show_answer(server)) /* what came in more pieces than lines */
        continue;
    close(server);
}
