/* A web server: a thread, a process or one of a pool for each client, as it is called. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[PATH_MAX];
static int listener;

static void send_all(int client, const char *data, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(client, data, count, MSG_NOSIGNAL);
        if (sent < 0)
            return;
        data += sent;
        count -= (size_t)sent;
    }
}

static void send_head(int client, int status, const char *type, size_t length)
{
    char head[256];
    int count = snprintf(head, sizeof head,
                         "HTTP/1.0 %d X\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", status,
                         type, length);
    send_all(client, head, (size_t)count);
}

static const char *type_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot != NULL && strcmp(dot, ".html") == 0  ? "text/html"
           : dot != NULL && strcmp(dot, ".bin") == 0 ? "application/octet-stream"
                                                     : "text/plain";
}

static void send_file(int client, const char *path, int fd, off_t length)
{
    send_head(client, 200, type_of(path), (size_t)length);
    while (length > 0) {
        ssize_t sent = sendfile(client, fd, NULL, (size_t)length);
        if (sent <= 0)
            return;
        length -= sent;
    }
}

static void send_list(int client, DIR *folder)
{
    char body[8192] = "";
    size_t length = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL && length < 7000;)
        if (entry->d_name[0] != '.')
            length += (size_t)snprintf(body + length, sizeof body - length,
                                       "<a href=\"%s\">%s</a><br>\n", entry->d_name, entry->d_name);
    send_head(client, 200, "text/html", length);
    send_all(client, body, length);
}

static bool is_below_root(const char *path)
{
    size_t length = strlen(root);
    return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static void answer(int client, const char *asked)
{
    char joined[PATH_MAX], path[PATH_MAX], index[PATH_MAX + 16];
    struct stat status;
    snprintf(joined, sizeof joined, "%s/%s", root, asked);
    if (realpath(joined, path) == NULL || !is_below_root(path) || stat(path, &status) < 0) {
        send_head(client, 404, "text/plain", 0);
        return;
    }
    snprintf(index, sizeof index, "%s/index.html", path);
    const char *file = path;
    if (S_ISDIR(status.st_mode))
        file = index;
    int fd = open(file, O_RDONLY);
    if (fd >= 0 && fstat(fd, &status) == 0) {
        send_file(client, file, fd, status.st_size);
    } else {
        DIR *folder = opendir(path);
        if (folder != NULL)
            send_list(client, folder);
        closedir(folder);
    }
    if (fd >= 0)
        close(fd);
}

static void serve(int client)
{
    char head[8192] = "", path[4096];
    size_t length = 0;
    ssize_t count = 1;
    while (strstr(head, "\r\n\r\n") == NULL && length < sizeof head - 1 && count > 0) {
        count = recv(client, head + length, sizeof head - 1 - length, 0);
        length += count > 0 ? (size_t)count : 0;
        head[length] = '\0';
    }
    if (count > 0 && sscanf(head, "GET %4095s HTTP/", path) == 1)
        answer(client, path);
    close(client);
}

static void *serve_one(void *client)
{
    serve((int)(long)client);
    return NULL;
}

static void *work(void *unused)
{
    (void)unused;
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0)
            serve(client);
    }
}

static void run_pool(int threads)
{
    for (int i = 1; i < threads; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, work, NULL);
    }
    work(NULL);
}

static void run_threads(void)
{
    for (;;) {
        pthread_t thread;
        long client = accept(listener, NULL, NULL);
        if (client >= 0 && pthread_create(&thread, NULL, serve_one, (void *)client) == 0)
            pthread_detach(thread);
    }
}

static void run_forks(void)
{
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0 && fork() == 0) {
            close(listener);
            serve(client);
            _exit(0);
        }
        close(client);
    }
}

int main(int argc, char *argv[])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int on = 1, threads = 3;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--files") == 0 && realpath(argv[i + 1], root) == NULL)
            return 1;
        if (strcmp(argv[i], "--port") == 0)
            address.sin_port = htons((unsigned short)atoi(argv[i + 1]));
        if (strcmp(argv[i], "--num-threads") == 0)
            threads = atoi(argv[i + 1]);
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(listener, 128) < 0)
        return 1;
    if (strstr(argv[0], "pool") != NULL)
        run_pool(threads);
    else if (strstr(argv[0], "fork") != NULL)
        run_forks();
    else
        run_threads();
}
