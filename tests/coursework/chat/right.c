/* A chat room with a thread for each client. */
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM 1200

static struct member {
    FILE *out;
    char name[64];
} * members[ROOM];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void tell(struct member *but, const char *format, const char *one, const char *other)
{
    for (int i = 0; i < ROOM; i++)
        if (members[i] != NULL && members[i] != but) {
            fprintf(members[i]->out, format, one, other);
            fflush(members[i]->out);
        }
}

static int enter(struct member *member)
{
    int place = 0;
    pthread_mutex_lock(&lock);
    tell(NULL, "* %s has come%s\n", member->name, "");
    fprintf(member->out, "* here are:");
    for (int i = ROOM - 1; i >= 0; i--) {
        if (members[i] != NULL)
            fprintf(member->out, " %s", members[i]->name);
        else
            place = i;
    }
    fprintf(member->out, "\n");
    fflush(member->out);
    members[place] = member;
    pthread_mutex_unlock(&lock);
    return place;
}

static void *serve(void *argument)
{
    int fd = (int)(long)argument;
    FILE *in = fdopen(fd, "r");
    struct member member = {.out = fdopen(dup(fd), "w")};
    char *line = NULL;
    size_t size = 0;
    fprintf(member.out, "Who are you?\n");
    fflush(member.out);
    if (getline(&line, &size, in) > 1) {
        snprintf(member.name, sizeof member.name, "%.*s", (int)strcspn(line, "\r\n"), line);
        int place = enter(&member);
        while (getline(&line, &size, in) > 0) {
            line[strcspn(line, "\r\n")] = '\0';
            pthread_mutex_lock(&lock);
            tell(&member, "[%s] %s\n", member.name, line);
            pthread_mutex_unlock(&lock);
        }
        pthread_mutex_lock(&lock);
        members[place] = NULL;
        tell(NULL, "* %s has left%s\n", member.name, "");
        pthread_mutex_unlock(&lock);
    }
    free(line);
    fclose(member.out);
    fclose(in);
    return NULL;
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(10003)};
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
