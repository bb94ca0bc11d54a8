/* Echoes, with as many processes as cores, made at the start (TD7, section 5). */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
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

static void echo(int client)
{
    char data[4096];
    ssize_t count = 0;
    while ((count = recv(client, data, sizeof data, 0)) > 0 &&
           send_all(client, data, (size_t)count))
        continue;
    close(client);
}

static void start_worker(int listener, pid_t parent)
{
    if (fork() != 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    while (getppid() == parent) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0)
            echo(client);
    }
    _exit(0);
}

int main(void)
{
    int listener = listen_on(2008, INADDR_LOOPBACK, 128);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    for (long i = 0; i < cores; i++)
        start_worker(listener, getpid());
    while (wait(NULL) > 0) /* one that dies is replaced */
        start_worker(listener, getpid());
}
