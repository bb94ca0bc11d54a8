/* What the keeper of an arena says is waited for with a deadline. */
#include "grader/arena/keeper.h"

#include "base/clock.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

Test(keeper, is_not_waited_for_beyond_the_deadline, .timeout = 60)
{
    const struct keeper_report said = {.kind = REPORT_ENDED, .wait_status = 7};
    struct keeper_report heard;
    int ends[2];
    int fd = -1;
    cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    cr_expect_eq(keeper_receive(ends[0], &heard, &fd, clock_now_ns()), -ETIMEDOUT);
    cr_assert_eq(send(ends[1], &said, sizeof said, 0), (ssize_t)sizeof said);
    cr_expect_eq(keeper_receive(ends[0], &heard, &fd, clock_now_ns()), 0);
    cr_expect_eq(heard.kind, REPORT_ENDED);
    cr_expect_eq(heard.wait_status, 7);
    close(ends[1]);
    cr_expect_eq(keeper_receive(ends[0], &heard, &fd, NEVER_NS), -EPIPE);
    close(ends[0]);
}
