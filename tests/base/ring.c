/* What an io_uring is asked, and in which submission. */
#include "base/ring.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

Test(ring, adopts_and_receives_in_one_submission, .timeout = 60)
{
    struct ring ring;
    if (ring_open(&ring) < 0)
        cr_skip("no io_uring here");
    int pair[2];
    char owner[8] __attribute__((aligned(8)));
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    while (io_uring_sq_space_left(&ring.ring) > 1)
        ring_poll(&ring, pair[0], POLLIN, owner);
    ring_adopt(&ring, &pair[0]);
    ring_receive(&ring, pair[0], owner);
    cr_expect_eq(io_uring_sq_ready(&ring.ring), 2, "%u", io_uring_sq_ready(&ring.ring));
    ring_close(&ring);
    close(pair[0]);
    close(pair[1]);
}
