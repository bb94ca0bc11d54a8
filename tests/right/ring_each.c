/* A thread for each client, with a ring of io_uring of its own. */
#include "tests/right/echo.h"

#include <liburing.h>
#include <pthread.h>

static int complete(struct io_uring *ring)
{
    struct io_uring_cqe *entry = NULL;
    io_uring_submit(ring);
    if (io_uring_wait_cqe(ring, &entry) < 0)
        return -1;
    int result = entry->res;
    io_uring_cqe_seen(ring, entry);
    return result;
}

static void *serve(void *argument)
{
    int client = (int)(long)argument;
    char data[4096];
    struct io_uring ring;
    int count = io_uring_queue_init(2, &ring, 0) == 0;
    while (count > 0) {
        io_uring_prep_recv(io_uring_get_sqe(&ring), client, data, sizeof data, 0);
        count = complete(&ring);
        if (count > 0 && !send_all(client, data, (size_t)count))
            break;
    }
    io_uring_queue_exit(&ring);
    close(client);
    return NULL;
}

int main(void)
{
    int listener = listen_here();
    int client = 0;
    while ((client = accept(listener, NULL, NULL)) >= 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, (void *)(long)client) == 0)
            pthread_detach(thread);
    }
}
