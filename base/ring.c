#include "base/ring.h"

#include "base/socket.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define ENTRIES     256
#define COMPLETIONS 32768
#define BUFFERS     1024 /* a power of two */

/* The kernel takes no larger table. */
#define DESCRIPTORS_MAX (1U << 20)

#define OPERATION_MASK ((__u64)7)

/*** Opening ***/

static int open_queue(struct io_uring *ring)
{
    /* The best first; every kernel with multishot receives has the last. DEFER_TASKRUN does the
     * kernel's share of the work inside our waiting call instead of interrupting us. */
    static const unsigned modes[] = {
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
        IORING_SETUP_COOP_TASKRUN,
    };
    int error = -ENOSYS;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        struct io_uring_params parameters = {
            .flags = modes[i] | IORING_SETUP_CQSIZE,
            .cq_entries = COMPLETIONS,
        };
        error = io_uring_queue_init_params(ENTRIES, ring, &parameters);
        if (error == 0)
            return 0;
    }
    return error;
}

static void *allocate_pages(size_t size_bytes)
{
    void *block = NULL;
    return posix_memalign(&block, (size_t)sysconf(_SC_PAGESIZE), size_bytes) == 0 ? block : NULL;
}

static void stock_buffer(struct ring *ring, unsigned short id, int offset)
{
    io_uring_buf_ring_add(ring->buffer_ring, ring->buffers + (size_t)id * RING_BUFFER_BYTES,
                          RING_BUFFER_BYTES, id, io_uring_buf_ring_mask(BUFFERS), offset);
}

static int open_buffers(struct ring *ring)
{
    ring->buffer_ring = allocate_pages(BUFFERS * sizeof(struct io_uring_buf));
    ring->buffers = allocate_pages((size_t)BUFFERS * RING_BUFFER_BYTES);
    if (ring->buffer_ring == NULL || ring->buffers == NULL)
        return -ENOMEM;
    struct io_uring_buf_reg registration = {
        .ring_addr = (__u64)(uintptr_t)ring->buffer_ring,
        .ring_entries = BUFFERS,
        .bgid = RING_BUFFER_GROUP,
    };
    int error = io_uring_register_buf_ring(&ring->ring, &registration, 0);
    if (error < 0)
        return error;
    io_uring_buf_ring_init(ring->buffer_ring);
    for (unsigned short id = 0; id < BUFFERS; id++)
        stock_buffer(ring, id, id);
    io_uring_buf_ring_advance(ring->buffer_ring, BUFFERS);
    return 0;
}

int ring_open(struct ring *ring)
{
    *ring = (struct ring){0};
    size_t limit = socket_raise_descriptor_limit();
    unsigned descriptors = limit < DESCRIPTORS_MAX ? (unsigned)limit : DESCRIPTORS_MAX;
    int error = open_queue(&ring->ring);
    if (error < 0)
        return error;
    error = open_buffers(ring);
    if (error == 0)
        error = io_uring_register_files_sparse(&ring->ring, descriptors);
    if (error < 0)
        ring_close(ring);
    return error;
}

void ring_close(struct ring *ring)
{
    io_uring_queue_exit(&ring->ring);
    free(ring->buffer_ring);
    free(ring->buffers);
}

/*** Requests ***/

__u64 ring_tag(enum ring_operation operation, const void *owner)
{
    assert(((uintptr_t)owner & OPERATION_MASK) == 0);
    return (__u64)(uintptr_t)owner | (__u64)operation;
}

struct io_uring_sqe *ring_request(struct ring *ring, enum ring_operation operation,
                                  const void *owner)
{
    struct io_uring_sqe *request = io_uring_get_sqe(&ring->ring);
    while (request == NULL) {
        io_uring_submit(&ring->ring);
        request = io_uring_get_sqe(&ring->ring);
    }
    io_uring_sqe_set_data64(request, ring_tag(operation, owner)); /* io_uring_prep_*() keep it */
    return request;
}

/* The kernel keeps the order of what is linked only within one submission. */
static void make_room_for_two(struct ring *ring)
{
    while (io_uring_sq_space_left(&ring->ring) < 2)
        io_uring_submit(&ring->ring);
}

void ring_adopt(struct ring *ring, int *fd)
{
    make_room_for_two(ring);
    struct io_uring_sqe *request = ring_request(ring, RING_UNOWNED, NULL);
    io_uring_prep_files_update(request, fd, 1, *fd);
    request->flags |= IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
}

void ring_let_go(struct ring *ring, int fd)
{
    struct io_uring_sqe *request = ring_request(ring, RING_UNOWNED, NULL);
    io_uring_prep_close_direct(request, (unsigned)fd);
    request->flags |= IOSQE_CQE_SKIP_SUCCESS;
}

void ring_receive(struct ring *ring, int fd, void *owner)
{
    struct io_uring_sqe *request = ring_request(ring, RING_RECEIVE, owner);
    io_uring_prep_recv_multishot(request, fd, NULL, 0, 0);
    request->flags |= IOSQE_BUFFER_SELECT | IOSQE_FIXED_FILE;
    request->buf_group = RING_BUFFER_GROUP;
}

void ring_send(struct ring *ring, int fd, const char *data, size_t count, void *owner)
{
    struct io_uring_sqe *request = ring_request(ring, RING_SEND, owner);
    io_uring_prep_send(request, fd, data, count, MSG_NOSIGNAL);
    request->flags |= IOSQE_FIXED_FILE;
}

void ring_poll(struct ring *ring, int fd, unsigned events, void *owner)
{
    io_uring_prep_poll_add(ring_request(ring, RING_POLL, owner), fd, events);
}

/*** Completions ***/

enum ring_operation ring_operation(const struct io_uring_cqe *completion)
{
    return (enum ring_operation)(completion->user_data & OPERATION_MASK);
}

void *ring_owner(const struct io_uring_cqe *completion)
{
    return (void *)(uintptr_t)(completion->user_data & ~OPERATION_MASK);
}

static unsigned short buffer_of(const struct io_uring_cqe *completion)
{
    return (unsigned short)(completion->flags >> IORING_CQE_BUFFER_SHIFT);
}

const char *ring_received_data(struct ring *ring, const struct io_uring_cqe *completion)
{
    return ring->buffers + (size_t)buffer_of(completion) * RING_BUFFER_BYTES;
}

void ring_return_buffer(struct ring *ring, const struct io_uring_cqe *completion)
{
    if (!(completion->flags & IORING_CQE_F_BUFFER))
        return;
    stock_buffer(ring, buffer_of(completion), 0);
    io_uring_buf_ring_advance(ring->buffer_ring, 1);
}
