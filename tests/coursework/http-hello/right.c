/* A web server of one page, with a thread for each client. */
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void answer(FILE *out, const char *request)
{
    char method[16] = "", path[256] = "";
    if (sscanf(request, "%15s %255s", method, path) != 2)
        return;
    int found = strcmp(path, "/hello") == 0;
    const char *page = found ? "hello\n" : "no\n";
    fprintf(out, "HTTP/1.0 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%s",
            found ? "200 OK" : "404 Not Found", strlen(page),
            strcmp(method, "HEAD") == 0 ? "" : page);
}

static void *serve(void *argument)
{
    int fd = (int)(long)argument;
    FILE *in = fdopen(fd, "r"), *out = fdopen(dup(fd), "w");
    char request[1000] = "", line[1000];
    if (fgets(request, sizeof request, in) != NULL) {
        while (fgets(line, sizeof line, in) != NULL && line[0] != '\r' && line[0] != '\n')
            continue;
        if (!feof(in) && !ferror(in))
            answer(out, request);
    }
    fclose(out);
    fclose(in);
    return NULL;
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(8000)};
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
