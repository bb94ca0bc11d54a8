/* Prints what clients say, a thread for each; "fin" ends a client's session (TP1, listing 3). What
 * one receive brings is a message, or several where there are line ends in it. */
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <pthread.h>
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

struct client {
    int fd;
    struct sockaddr_in peer;
    char name[64];
};

/* False after the farewell. */
static bool show(const struct client *client, const char *text, size_t count)
{
    bool goes_on = true;
    while (goes_on && count > 0) {
        const char *newline = memchr(text, '\n', count);
        size_t length = newline != NULL ? (size_t)(newline - text) : count;
        size_t taken = newline != NULL ? length + 1 : count;
        size_t shown = length - (length > 0 && text[length - 1] == '\r');
        flockfile(stdout); /* a line of one thread is not to stand in one of another */
        printf("Client %s a dit : ", client->name);
        fwrite(text, 1, shown, stdout);
        putchar('\n');
        funlockfile(stdout);
        goes_on = !is_farewell(text, length);
        text += taken;
        count -= taken;
    }
    return goes_on;
}

static void *serve(void *argument)
{
    struct client *client = argument;
    char data[1024];
    char address[INET_ADDRSTRLEN];
    ssize_t count = 0;
    inet_ntop(AF_INET, &client->peer.sin_addr, address, sizeof address);
    snprintf(client->name, sizeof client->name, "('%s', %d)", address,
             ntohs(client->peer.sin_port));
    printf("Connexion de la machine = %s\n", client->name);
    while ((count = recv(client->fd, data, sizeof data, 0)) > 0 &&
           show(client, data, (size_t)count))
        continue;
    printf("Deconnexion de : %s\n", client->name);
    close(client->fd);
    free(client);
    return NULL;
}

static void welcome(int listener)
{
    struct client *client = calloc(1, sizeof *client);
    socklen_t peer_bytes = sizeof client->peer;
    pthread_t thread;
    client->fd = accept(listener, (struct sockaddr *)&client->peer, &peer_bytes);
    if (client->fd >= 0 && pthread_create(&thread, NULL, serve, client) == 0) {
        pthread_detach(thread);
        return;
    }
    if (client->fd >= 0)
        close(client->fd);
    free(client);
}

int main(void)
{
    int listener = listen_on(9500, INADDR_LOOPBACK, 5);
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("Lancement serveur");
    for (;;)
        welcome(listener);
}
