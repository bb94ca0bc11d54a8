/* What the keeper of an arena says is waited for with a deadline. */
#include "grader/arena/keeper.h"

#include "base/clock.h"
#include "base/descriptor_passing.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
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

/* What is received of this message, with standard input as a descriptor or without one. */
static int error_of(const void *said, size_t length, bool has_descriptor)
{
    struct keeper_report heard;
    int ends[2];
    int fd = -1;
    const int passed = STDIN_FILENO;
    cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    cr_assert_eq(descriptors_send(ends[1], said, length, &passed, has_descriptor, 0), 0);
    int error = keeper_receive(ends[0], &heard, &fd, NEVER_NS);
    cr_expect_eq(fd >= 0, error == 0 && has_descriptor);
    descriptor_close(&fd);
    close(ends[0]);
    close(ends[1]);
    return error;
}

Test(keeper, says_nothing_that_makes_no_sense, .timeout = 60)
{
    static const struct {
        struct keeper_report said;
        bool has_descriptor;
        int error;
    } rows[] = {
        {{.kind = REPORT_SOCKET}, true, 0},
        {{.kind = REPORT_SOCKET, .error = -EMFILE}, false, 0},
        {{.kind = REPORT_SOCKET, .error = KEEPER_HOLDS_IT, .fd = 7}, false, 0},
        {{.kind = REPORT_STARTED, .step = STEP_COMMAND, .error = -ENOENT}, false, 0},
        {{.kind = REPORT_ENDED, .wait_status = 139}, false, 0},
        {{.kind = REPORT_STOPPED}, false, 0},
        {{.kind = REPORT_STOPPED + 1}, false, -EBADMSG},
        {{.kind = REPORT_STARTED, .step = STEP_COMMAND + 1}, false, -EBADMSG},
        {{.kind = REPORT_STARTED, .error = 1}, false, -EBADMSG},
        {{.kind = REPORT_STARTED, .error = INT_MIN}, false, -EBADMSG},
        {{.kind = REPORT_STARTED}, true, -EBADMSG},
        {{.kind = REPORT_SOCKET}, false, -EBADMSG},
        {{.kind = REPORT_SOCKET, .error = KEEPER_HOLDS_IT, .fd = -1}, false, -EBADMSG},
        {{.kind = REPORT_EMPTY, .wait_status = 1}, false, -EBADMSG},
        {{.kind = REPORT_ENDED, .wait_status = 0x137f}, false, -EBADMSG}, /* only stopped */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(error_of(&rows[i].said, sizeof rows[i].said, rows[i].has_descriptor),
                     rows[i].error, "row %zu", i);
    cr_expect_eq(error_of(&rows[3].said, sizeof rows[3].said - 1, false), -EBADMSG);
}
