/* An io_uring made ready for many connections: the set-up, the stock of receive buffers, the table
 * of direct descriptors, the requests that a loop makes, and the tags by which their completions
 * are told apart. Nothing is submitted here; that is the loop's own call, once a round.
 *
 * A direct descriptor is an entry in the ring's own table of files, here under the same number as
 * the ordinary descriptor. It saves the kernel looking up and counting the file for each request.
 */
#ifndef BASE_RING_H
#define BASE_RING_H

#include <liburing.h>
#include <stddef.h>

/* What a request was; travels in the low bits of its user_data. */
enum ring_operation {
    RING_ACCEPT,
    RING_RECEIVE,
    RING_SEND,
    RING_POLL,
    RING_UNOWNED, /* its completion is ignored */
};

/* The stock of receive buffers, and the size of each. */
#define RING_BUFFER_GROUP 0
#define RING_BUFFER_BYTES 4096

struct ring {
    struct io_uring ring;
    struct io_uring_buf_ring *buffer_ring; /* which buffers the kernel may take */
    char *buffers;
};

/* To be called in the thread that will use it. 0, or -errno where the kernel lacks something. */
int ring_open(struct ring *ring);
void ring_close(struct ring *ring);

/*** Requests; `owner` comes back with the completion, and is aligned to 8 ***/

/* An empty request to be filled in by an io_uring_prep_*(); what is queued is submitted first if
 * the queue is full. Never NULL. */
struct io_uring_sqe *ring_request(struct ring *ring, enum ring_operation operation,
                                  const void *owner);

/* The user_data of such a request, by which it can be cancelled. */
__u64 ring_tag(enum ring_operation operation, const void *owner);

/* The first enters `*fd` into the table before the next request; `*fd` must stay where it is. The
 * second takes a descriptor out again, so that the ring no longer keeps it open. */
void ring_adopt(struct ring *ring, int *fd);
void ring_let_go(struct ring *ring, int fd);

/* Receives into buffers of the stock again and again, until a completion lacks
 * IORING_CQE_F_MORE. */
void ring_receive(struct ring *ring, int fd, void *owner);

/* Sends from `data`, which must stay where it is. */
void ring_send(struct ring *ring, int fd, const char *data, size_t count, void *owner);

/* Waits, once, for `events` of poll(2) on an ordinary descriptor, or for its end. */
void ring_poll(struct ring *ring, int fd, unsigned events, void *owner);

/*** Completions ***/

enum ring_operation ring_operation(const struct io_uring_cqe *completion);
void *ring_owner(const struct io_uring_cqe *completion);

/* The bytes that a receive has brought, and the return of their buffer to the stock. */
const char *ring_received_data(struct ring *ring, const struct io_uring_cqe *completion);
void ring_return_buffer(struct ring *ring, const struct io_uring_cqe *completion);

#endif
