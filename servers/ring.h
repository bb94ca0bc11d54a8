/* An io_uring made ready for serving: the set-up, the stock of receive buffers and the tags by
 * which a completion is told apart. The requests themselves are written by model_io_uring.c. */
#ifndef SERVERS_RING_H
#define SERVERS_RING_H

#include <liburing.h>

/* What a request was; travels in the low bits of its user_data. */
enum ring_operation {
    RING_ACCEPT,
    RING_RECEIVE,
    RING_SEND,
    RING_CANCEL,
};

struct ring {
    struct io_uring ring;
    struct io_uring_buf_ring *buffer_ring; /* which buffers the kernel may take */
    char *buffers;
};

/* The group that receives take their buffers from. */
#define RING_BUFFER_GROUP 0

/* 0, or -errno where the kernel lacks something. */
int ring_open(struct ring *ring);
void ring_close(struct ring *ring);

/* An empty request, tagged; what is queued is submitted first if the queue is full. */
struct io_uring_sqe *ring_request(struct ring *ring, enum ring_operation operation, void *owner);

/* The tag of a request, and its two halves taken from a completion. `owner` is aligned to 4. */
__u64 ring_tag(enum ring_operation operation, void *owner);
enum ring_operation ring_operation(const struct io_uring_cqe *completion);
void *ring_owner(const struct io_uring_cqe *completion);

/* The bytes that a receive has brought, and the return of their buffer to the stock. */
const char *ring_received_data(struct ring *ring, const struct io_uring_cqe *completion);
void ring_return_buffer(struct ring *ring, const struct io_uring_cqe *completion);

#endif
