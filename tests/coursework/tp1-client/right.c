/* Sends each line from the keyboard, with its end; stops after "Fin" (TP1, listing 1). The server
 * says nothing, so nothing is received. */
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

static bool is_farewell(const char *line)
{
    return strcspn(line, "\r\n") == strlen("Fin") && strncmp(line, "Fin", strlen("Fin")) == 0;
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length = 0;
    bool is_over = false;
    puts("Console Client");
    fflush(stdout);
    int server = connect_to(9500);
    while (!is_over && (length = getline(&line, &room, stdin)) > 0) {
        is_over = is_farewell(line);
        if (!send_all(server, line, (size_t)length)) {
            puts("Le serveur est parti");
            is_over = true;
        }
    }
    free(line);
    close(server);
    puts("Fin du programme");
}
