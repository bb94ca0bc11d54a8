/* Asks for a line, sends it, prints what comes back, and so on (AAP12, section 2). */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int connect_to(uint16_t port)
{
    struct sockaddr_in there = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(server, (struct sockaddr *)&there, sizeof there) < 0) {
        perror("connecting");
        exit(1);
    }
    return server;
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

/* False at an empty line, and at the end of input. */
static bool ask(char **line, size_t *room)
{
    printf("Eingabe: ");
    fflush(stdout);
    if (getline(line, room, stdin) <= 0)
        return false;
    (*line)[strcspn(*line, "\r\n")] = '\0';
    return (*line)[0] != '\0';
}

static bool show_answer(int server)
{
    char answer[1024];
    ssize_t count = recv(server, answer, sizeof answer, 0);
    if (count <= 0) {
        puts("The server has left");
        return false;
    }
    printf("Response from server: %.*s\n", (int)count, answer);
    fflush(stdout);
    return true;
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    int server = connect_to(12345);
    while (ask(&line, &room))
        if (!send_all(server, line, strlen(line)) || !show_answer(server) ||
            strcmp(line, "quit") == 0)
            break;
    free(line);
    close(server);
}
