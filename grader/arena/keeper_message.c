#include "grader/arena/keeper_message.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

/* As the kernel has them, MAX_ERRNO of include/linux/err.h. */
#define ERRNO_MAX 4095

bool keeper_request_read(struct keeper_request *request, const void *message, size_t length)
{
    if (length != sizeof *request)
        return false;
    memcpy(request, message, length);
    return (unsigned)request->kind <= REQUEST_START;
}

static bool is_known(const struct keeper_report *report)
{
    return (unsigned)report->kind <= REPORT_STOPPED && (unsigned)report->step <= STEP_COMMAND;
}

/* Only a socket that was made comes along, and only one that is held has a number. */
static bool fits_socket(const struct keeper_report *report, bool has_descriptor)
{
    bool is_made = report->kind == REPORT_SOCKET && report->error == 0;
    bool is_held = report->kind == REPORT_SOCKET && report->error == KEEPER_HOLDS_IT;
    return has_descriptor == is_made && (is_held ? report->fd >= 0 : report->fd == 0);
}

static bool fits_end(const struct keeper_report *report)
{
    int status = report->wait_status;
    return report->kind == REPORT_ENDED
               ? report->run <= KEEPER_RUNS_MAX && (WIFEXITED(status) || WIFSIGNALED(status))
               : status == 0 && report->run == 0;
}

int keeper_report_read(struct keeper_report *report, const void *message, size_t length,
                       bool has_descriptor)
{
    struct keeper_report read;
    if (length != sizeof read)
        return -EBADMSG;
    memcpy(&read, message, length);
    if (!is_known(&read) || read.error > 0 || read.error < -ERRNO_MAX ||
        !fits_socket(&read, has_descriptor) || !fits_end(&read))
        return -EBADMSG;
    *report = read;
    return 0;
}
