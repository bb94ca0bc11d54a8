// A thread for each client. Products are computed in 64 bits, which is enough for what is asked.
#include <arpa/inet.h>
#include <ctype.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WORDS 6

static int split(char *line, char *words[WORDS])
{
    int count = 0;
    char *rest = line, *word;
    while (count < WORDS && (word = strtok_r(rest, " \t\r\n\v\f", &rest)) != NULL)
        words[count++] = word;
    return count;
}

static bool is_number(const char *word)
{
    word += *word == '-';
    size_t digits = strspn(word, "0123456789");
    return digits > 0 && word[digits] == '\0';
}

static bool is(const char *word, const char *other)
{
    return strcmp(word, other) == 0;
}

// False: the client has said that it leaves.
static bool answer(char *line, char *out, size_t room)
{
    char *words[WORDS];
    int count = split(line, words);
    if (count == 2 && is(words[0], "QUIT") && is(words[1], "END"))
        return false;
    if (count == 2 && is(words[0], "CONNECTION") && is(words[1], "END")) {
        snprintf(out, room, "WELCOME ADD SUB MULT END\n");
        return true;
    }
    if (count != 5 || !is(words[0], "CALC") || !is(words[4], "END")) {
        snprintf(out, room, "ERROR REQUEST END\n");
        return true;
    }
    if (!is(words[1], "ADD") && !is(words[1], "SUB") && !is(words[1], "MULT")) {
        snprintf(out, room, "ERROR OPERATION END\n");
        return true;
    }
    if (!is_number(words[2]) || !is_number(words[3])) {
        snprintf(out, room, "ERROR NUMBER END\n");
        return true;
    }
    long long a = atoll(words[2]), b = atoll(words[3]);
    snprintf(out, room, "RESULT %lld END\n",
             is(words[1], "ADD")   ? a + b
             : is(words[1], "SUB") ? a - b
                                   : a * b);
    return true;
}

static void *serve(void *argument)
{
    FILE *client = argument;
    char *line = NULL, out[64];
    size_t room = 0;
    while (getline(&line, &room, client) > 0 && answer(line, out, sizeof out))
        if (send(fileno(client), out, strlen(out), MSG_NOSIGNAL) < 0)
            break;
    free(line);
    fclose(client);
    return NULL;
}

int main(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(2021)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 64) < 0)
        return 1;
    for (;;) {
        int client = accept(fd, NULL, NULL);
        pthread_t thread;
        FILE *stream = client < 0 ? NULL : fdopen(client, "r");
        if (stream != NULL && pthread_create(&thread, NULL, serve, stream) == 0)
            pthread_detach(thread);
    }
}
