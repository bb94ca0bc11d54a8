/* Lets in whoever knows a password, and then hands out objects (SAE 3.02, the server). An object is
 * what Python's pickle makes of an instance of the course's class Movie. */
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

static const char *const users[] = {"UP:admin:mdp", "UP:1:1", "UP:2:2"};
static const char *const titles[] = {"Le port", "La trame", "Le pair"}; /* of objects 1, 2, 3 */
static const int years[] = {1998, 2006, 2014};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int client_count;

static void count_clients(int change)
{
    pthread_mutex_lock(&lock);
    client_count += change;
    pthread_mutex_unlock(&lock);
}

/* Takes the line end off the message, and keeps it for the answer. */
static const char *cut_ending(char *message)
{
    size_t length = strcspn(message, "\r\n");
    const char *ending = message[length] == '\0' ? "" : "\n";
    message[length] = '\0';
    return ending;
}

static bool say(int client, const char *text, const char *ending)
{
    char answer[128];
    int length = snprintf(answer, sizeof answer, "%s%s", text, ending);
    return send_all(client, answer, (size_t)length);
}

/* False at the end of the stream. A message is cut at what fits. */
static bool read_message(struct stream *stream, char message[1024])
{
    size_t length = next_message(stream);
    snprintf(message, 1024, "%.*s", (int)length, stream->data);
    return length > 0;
}

static bool log_in(struct stream *stream)
{
    char message[1024];
    for (int tries_left = 3; tries_left > 0 && read_message(stream, message);) {
        const char *ending = cut_ending(message);
        for (size_t i = 0; i < sizeof users / sizeof users[0]; i++)
            if (strcmp(message, users[i]) == 0)
                return say(stream->fd, "PASSOK", ending);
        tries_left--;
        if (!say(stream->fd, tries_left > 0 ? "ECHEC" : "EC", ending))
            return false;
    }
    return false;
}

/* Protocol 2: the class, an instance without arguments, and its attributes. */
static bool send_object(int client, size_t number)
{
    char object[256];
    size_t title_bytes = strlen(titles[number]);
    FILE *file = fmemopen(object, sizeof object, "wb");
    fprintf(file, "\x80\x02%s\n%s\n)\x81}(", "c__main__", "Movie");
    fwrite("X\2\0\0\0idK", 1, 8, file);
    fputc((int)number + 1, file);
    fwrite("X\3\0\0\0nomX", 1, 9, file);
    fwrite((const char[]){(char)title_bytes, 0, 0, 0}, 1, 4, file);
    fwrite(titles[number], 1, title_bytes, file);
    fwrite("X\4\0\0\0dateM", 1, 10, file);
    fputc(years[number] & 0xff, file);
    fputc(years[number] >> 8, file);
    fputs("ub.", file);
    size_t length = (size_t)ftell(file);
    fclose(file);
    return send_all(client, object, length);
}

static bool obey(int client, const char *message, const char *ending)
{
    char text[64] = "NO";
    if (strncmp(message, "SEND:", 5) == 0 && strlen(message) == 6 && message[5] >= '1' &&
        message[5] <= '3')
        return send_object(client, (size_t)(message[5] - '1'));
    if (strcmp(message, "NB") == 0) {
        pthread_mutex_lock(&lock);
        snprintf(text, sizeof text, "Nombre de connecté au server: %d", client_count);
        pthread_mutex_unlock(&lock);
    } else {
        puts("Command not found");
    }
    return say(client, text, ending);
}

static void *serve(void *argument)
{
    struct stream *stream = argument;
    char message[1024];
    bool is_here = log_in(stream);
    while (is_here && read_message(stream, message)) {
        const char *ending = cut_ending(message);
        is_here = strcmp(message, "END") != 0 && obey(stream->fd, message, ending);
    }
    count_clients(-1);
    puts("Connection down");
    close(stream->fd);
    free(stream);
    return NULL;
}

static void welcome(int listener)
{
    struct sockaddr_in peer;
    socklen_t peer_bytes = sizeof peer;
    pthread_t thread;
    int client = accept(listener, (struct sockaddr *)&peer, &peer_bytes);
    if (client < 0)
        return;
    struct stream *stream = calloc(1, sizeof *stream);
    stream->fd = client;
    printf("%s connected\n", inet_ntoa(peer.sin_addr));
    count_clients(1);
    if (pthread_create(&thread, NULL, serve, stream) == 0) {
        pthread_detach(thread);
        return;
    }
    count_clients(-1);
    close(client);
    free(stream);
}

int main(void)
{
    int listener = listen_on(5890, INADDR_ANY, 100);
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("TCP server up and listening");
    puts("-----");
    for (;;)
        welcome(listener);
}
