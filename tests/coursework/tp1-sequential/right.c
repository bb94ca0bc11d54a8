/* Prints what one client after the other says; "fin" ends a client's session (TP1, listing 2). What
 * one receive brings is a message, or several where there are line ends in it. */
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
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

/* The word of the course, in capitals or not, and with blanks around it. */
static bool is_farewell(const char *line, size_t count)
{
    while (count > 0 && isspace((unsigned char)line[0])) {
        line++;
        count--;
    }
    while (count > 0 && isspace((unsigned char)line[count - 1]))
        count--;
    return count == strlen("fin") && strncasecmp(line, "fin", count) == 0;
}

/* False after the farewell. */
static bool show(const char *text, size_t count)
{
    bool goes_on = true;
    while (goes_on && count > 0) {
        const char *newline = memchr(text, '\n', count);
        size_t length = newline != NULL ? (size_t)(newline - text) : count;
        size_t taken = newline != NULL ? length + 1 : count;
        size_t shown = length - (length > 0 && text[length - 1] == '\r');
        fwrite(text, 1, shown, stdout);
        putchar('\n');
        goes_on = !is_farewell(text, length);
        text += taken;
        count -= taken;
    }
    fflush(stdout);
    return goes_on;
}

static void serve(int client)
{
    char data[1024];
    ssize_t count = 0;
    while ((count = recv(client, data, sizeof data, 0)) > 0 && show(data, (size_t)count))
        continue;
    close(client);
}

int main(void)
{
    int listener = listen_on(9500, INADDR_LOOPBACK, 1);
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("Lancement serveur");
    for (;;) {
        struct sockaddr_in peer;
        socklen_t peer_bytes = sizeof peer;
        int client = accept(listener, (struct sockaddr *)&peer, &peer_bytes);
        if (client < 0)
            continue;
        char *address = inet_ntoa(peer.sin_addr);
        printf("Connexion de la machine = ('%s', %d)\n", address, ntohs(peer.sin_port));
        serve(client);
        printf("Deconnexion de : ('%s', %d)\n", address, ntohs(peer.sin_port));
    }
}
