/* A chat server of nicknames with a thread for each client. */
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM 64

static struct user {
    FILE *out;
    char name[64];
} * users[ROOM];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct user *find(const char *name)
{
    for (int i = 0; i < ROOM; i++)
        if (users[i] != NULL && strcmp(users[i]->name, name) == 0)
            return users[i];
    return NULL;
}

static void answer(struct user *user, const char *text)
{
    fprintf(user->out, "%s\n", text);
}

static int hello(struct user *user, const char *name)
{
    int place = 0;
    if (name == NULL || *name == '\0')
        return answer(user, "BAD-RQST-BODY"), -1;
    if (find(name) != NULL)
        return answer(user, "IN-USE"), -1;
    while (place < ROOM && users[place] != NULL)
        place++;
    if (place == ROOM)
        return answer(user, "BUSY"), -1;
    snprintf(user->name, sizeof user->name, "%s", name);
    users[place] = user;
    fprintf(user->out, "HELLO %s\n", name);
    return place;
}

static void deliver(struct user *user, char *to)
{
    char *text = to != NULL ? strchr(to, ' ') : NULL;
    if (text == NULL) {
        answer(user, "BAD-RQST-BODY");
        return;
    }
    *text++ = '\0';
    struct user *receiver = find(to);
    if (receiver == NULL) {
        answer(user, "BAD-DEST-USER");
        return;
    }
    fprintf(receiver->out, "DELIVERY %s %s\n", user->name, text);
    fflush(receiver->out);
    answer(user, "SEND-OK");
}

static void list(struct user *user)
{
    const char *before = "LIST-OK ";
    for (int i = 0; i < ROOM; i++)
        if (users[i] != NULL) {
            fprintf(user->out, "%s%s", before, users[i]->name);
            before = ",";
        }
    answer(user, "");
}

static void *serve(void *argument)
{
    int fd = (int)(long)argument, place = -1;
    FILE *in = fdopen(fd, "r");
    struct user user = {.out = fdopen(dup(fd), "w")};
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, in) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        char *rest = strchr(line, ' ');
        if (rest != NULL)
            *rest++ = '\0';
        pthread_mutex_lock(&lock);
        if (place < 0)
            place = strcmp(line, "HELLO-FROM") == 0 ? hello(&user, rest)
                                                    : (answer(&user, "BAD-RQST-HDR"), -1);
        else if (strcmp(line, "SEND") == 0)
            deliver(&user, rest);
        else if (strcmp(line, "LIST") == 0)
            list(&user);
        else
            answer(&user, "BAD-RQST-HDR");
        fflush(user.out);
        pthread_mutex_unlock(&lock);
    }
    pthread_mutex_lock(&lock);
    if (place >= 0)
        users[place] = NULL;
    pthread_mutex_unlock(&lock);
    free(line);
    fclose(user.out);
    fclose(in);
    return NULL;
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(5378)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(listener, 200) < 0)
        return 1;
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        pthread_t thread;
        if (fd >= 0 && pthread_create(&thread, NULL, serve, (void *)(long)fd) == 0)
            pthread_detach(thread);
    }
}
