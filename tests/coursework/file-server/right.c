/* A file server: a process for each client. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int is_below(const char *name)
{
    return name[0] != '/' && strcmp(name, "..") != 0 && strncmp(name, "../", 3) != 0 &&
           strstr(name, "/../") == NULL;
}

/* Copies so many bytes, or all for -1. */
static void copy(FILE *from, FILE *to, long count)
{
    for (int letter; count != 0 && (letter = getc(from)) != EOF; count--)
        putc(letter, to);
}

static int get(const char *name, FILE *out)
{
    FILE *file = fopen(name, "rb");
    if (file == NULL)
        return 0;
    fseek(file, 0, SEEK_END);
    fprintf(out, "OK %ld\n", ftell(file));
    rewind(file);
    copy(file, out, -1);
    fclose(file);
    return 1;
}

static int put(FILE *from, const char *name, long count, FILE *out)
{
    FILE *file = from != NULL ? fopen(name, "wb") : NULL;
    if (file == NULL)
        return 0;
    copy(from, file, count);
    fclose(file);
    fputs("STORED\n", out);
    return 1;
}

static void serve(int fd)
{
    FILE *in = fdopen(fd, "rb");
    FILE *out = fdopen(dup(fd), "wb");
    char line[1000];
    while (fgets(line, sizeof line, in) != NULL) {
        char verb[20] = "";
        char name[500] = "";
        char rest[400] = "";
        int is_done = 0;
        sscanf(line, "%19s %499s %399s", verb, name, rest);
        if (is_below(name) && strcmp(verb, "GET") == 0)
            is_done = get(name, out);
        else if (is_below(name) && strcmp(verb, "PUT") == 0)
            is_done = put(in, name, atol(rest), out);
        else if (is_below(name) && is_below(rest) && strcmp(verb, "COPY") == 0)
            is_done = put(fopen(name, "rb"), rest, -1, out);
        if (!is_done)
            fprintf(out, "ERROR %s\n", name);
        fflush(out);
    }
}

int main(int count, char **words)
{
    int server = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(count > 1 ? atoi(words[1]) : 0),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(server, (struct sockaddr *)&address, sizeof address) < 0 || listen(server, 50) < 0)
        return perror("listening"), 1;
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int client = accept(server, NULL, NULL);
        if (fork() == 0) {
            close(server);
            serve(client);
            exit(0);
        }
        close(client);
    }
}
