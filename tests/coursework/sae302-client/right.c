/* Asks for commands, sends each, and says what its answer means (SAE 3.02, the client). Objects are
 * Python's: what this program says of one is how large it is. */
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

static const struct {
    const char *word;
    const char *meaning;
} meanings[] = {
    {"NO", "Command not found"},
    {"EC", "Time Out par server"},
    {"ECHEC", "USER/PASSWS FALSE"},
    {"PASSOK", "Pass OK"},
};

static bool is_word(const char *data, ssize_t count, const char *word)
{
    return (size_t)count == strlen(word) && memcmp(data, word, (size_t)count) == 0;
}

/* Pickles of protocol 2 and later begin so, and no text does. */
static bool is_object(const char *data)
{
    return data[0] == '\x80';
}

static void show(const char *data, ssize_t count)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (is_word(data, count, meanings[i].word)) {
            puts(meanings[i].meaning);
            return;
        }
    }
    if (is_object(data))
        printf("Received from server\nan object of %zd bytes\n", count);
    else
        printf("%.*s\n", (int)count, data);
}

/* Where there are more pieces of an object, the last of them ends with a full stop. */
static ssize_t receive_answer(int server, char *data, size_t room)
{
    ssize_t count = recv(server, data, room, 0);
    while (count > 0 && is_object(data) && data[count - 1] != '.' && (size_t)count < room) {
        ssize_t more = recv(server, data + count, room - (size_t)count, 0);
        if (more <= 0)
            return 0;
        count += more;
    }
    return count;
}

/* A command without its line end, for the caller to free; NULL at the end of input. An empty one
 * is asked for again: nothing would be sent, and so nothing answered. */
static char *ask(void)
{
    char *line = NULL;
    size_t room = 0;
    do {
        printf(" -> ");
        fflush(stdout);
        if (getline(&line, &room, stdin) <= 0) {
            free(line);
            return NULL;
        }
        line[strcspn(line, "\r\n")] = '\0';
    } while (line[0] == '\0');
    return line;
}

/* False if there is nothing more to be said. */
static bool exchange(int server)
{
    static char data[1 << 20];
    char *line = ask();
    const char *command = line != NULL ? line : "END";
    bool is_end = strcmp(command, "END") == 0;
    bool is_sent = send_all(server, command, strlen(command));
    free(line);
    if (is_end)
        return false;
    ssize_t count = is_sent ? receive_answer(server, data, sizeof data) : 0;
    if (count <= 0) {
        puts("Connexion perdue");
        return false;
    }
    show(data, count);
    fflush(stdout);
    return !is_word(data, count, "EC");
}

int main(void)
{
    int server = connect_to(5890);
    while (exchange(server))
        continue;
    close(server);
}
