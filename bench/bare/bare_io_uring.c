/* The barest echo server over io_uring: what model_io_uring.c must not be slower than.
 *
 * Multishot accept, multishot receive into provided buffers, sends straight out of them, all of a
 * round in one call. No stopping, no slow readers, no protocol: it is no server to use. Usage:
 * bare_io_uring PORT
 */
#include "bench/bare/listener.h"

#include <liburing.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFERS      1024
#define BUFFER_BYTES 4096

enum operation {
    ACCEPT,
    RECEIVE,
    SEND,
};

static struct io_uring ring;
static struct io_uring_buf_ring *stock;
static char *buffers;

static struct io_uring_sqe *request(enum operation operation, int client, unsigned buffer)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
    while (sqe == NULL) {
        io_uring_submit(&ring);
        sqe = io_uring_get_sqe(&ring);
    }
    io_uring_sqe_set_data64(sqe, (uint64_t)operation | (uint64_t)buffer << 8 |
                                     (uint64_t)(unsigned)client << 32);
    return sqe;
}

static void give_buffer(unsigned buffer)
{
    io_uring_buf_ring_add(stock, buffers + (size_t)buffer * BUFFER_BYTES, BUFFER_BYTES,
                          (unsigned short)buffer, io_uring_buf_ring_mask(BUFFERS), 0);
    io_uring_buf_ring_advance(stock, 1);
}

static void receive(int client)
{
    struct io_uring_sqe *sqe = request(RECEIVE, client, 0);
    io_uring_prep_recv_multishot(sqe, client, NULL, 0, 0);
    sqe->flags |= IOSQE_BUFFER_SELECT;
}

static void received(const struct io_uring_cqe *cqe, int client)
{
    if (cqe->res <= 0) {
        if (cqe->res == -ENOBUFS)
            receive(client);
        else
            close(client);
        return;
    }
    unsigned buffer = cqe->flags >> IORING_CQE_BUFFER_SHIFT;
    io_uring_prep_send(request(SEND, client, buffer), client,
                       buffers + (size_t)buffer * BUFFER_BYTES, (size_t)cqe->res,
                       MSG_NOSIGNAL | MSG_WAITALL);
    if (!(cqe->flags & IORING_CQE_F_MORE))
        receive(client);
}

static void complete(const struct io_uring_cqe *cqe)
{
    int client = (int)(cqe->user_data >> 32);
    switch ((enum operation)(cqe->user_data & 0xff)) {
    case ACCEPT:
        if (cqe->res >= 0)
            receive(cqe->res);
        break;
    case RECEIVE:
        received(cqe, client);
        break;
    case SEND:
        give_buffer((unsigned)(cqe->user_data >> 8) & 0xffff);
        break;
    }
}

static void open_ring(void)
{
    struct io_uring_params parameters = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE,
        .cq_entries = 8192,
    };
    size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    stock = aligned_alloc(page_bytes, BUFFERS * sizeof(struct io_uring_buf));
    buffers = aligned_alloc(page_bytes, (size_t)BUFFERS * BUFFER_BYTES);
    struct io_uring_buf_reg registration = {
        .ring_addr = (uint64_t)(uintptr_t)stock,
        .ring_entries = BUFFERS,
    };
    if (stock == NULL || buffers == NULL ||
        io_uring_queue_init_params(256, &ring, &parameters) < 0 ||
        io_uring_register_buf_ring(&ring, &registration, 0) < 0)
        exit(1);
    io_uring_buf_ring_init(stock);
    for (unsigned buffer = 0; buffer < BUFFERS; buffer++)
        give_buffer(buffer);
}

int main(int argc, char **argv)
{
    int listener = listen_on(argc > 1 ? argv[1] : "0");
    open_ring();
    io_uring_prep_multishot_accept(request(ACCEPT, 0, 0), listener, NULL, NULL, 0);
    for (;;) {
        io_uring_submit_and_wait(&ring, 1);
        struct io_uring_cqe *cqe = NULL;
        unsigned head = 0;
        unsigned count = 0;
        io_uring_for_each_cqe(&ring, head, cqe)
        {
            complete(cqe);
            count++;
        }
        io_uring_cq_advance(&ring, count);
    }
}
