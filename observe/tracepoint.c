#include "observe/tracepoint.h"

#include "observe/proc.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The number of the tracepoint that every system call passes, or -errno. Reading it needs the
 * trace file system mounted in one of its two places. */
static long sys_enter_id(void)
{
    char text[32];
    ssize_t length =
        proc_read(text, sizeof text, "/sys/kernel/tracing/events/raw_syscalls/sys_enter/id");
    if (length <= 0)
        length = proc_read(text, sizeof text,
                           "/sys/kernel/debug/tracing/events/raw_syscalls/sys_enter/id");
    return length > 0 ? strtol(text, NULL, 10) : length < 0 ? length : -ENOENT;
}

int tracepoint_check(const char **reason)
{
    long id = sys_enter_id();
    if (id < 0) {
        *reason = "tracefs is not mounted or not readable (mount -t tracefs none "
                  "/sys/kernel/tracing, as root)";
        return (int)id;
    }
    struct perf_event_attr attributes = {
        .type = PERF_TYPE_TRACEPOINT,
        .size = sizeof attributes,
        .config = (unsigned long long)id,
        .disabled = 1,
        .inherit = 1,
    };
    int fd = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
    if (fd < 0) {
        *reason = "perf_event_open is not permitted (kernel.perf_event_paranoid, or CAP_PERFMON)";
        return -errno;
    }
    close(fd);
    return 0;
}
