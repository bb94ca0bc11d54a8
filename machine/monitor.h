/* QEMU's commands (QMP): JSON lines over a Unix socket to which QEMU connects. */
#ifndef MACHINE_MONITOR_H
#define MACHINE_MONITOR_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

struct monitor {
    int listener; /* -1: none */
    FILE *stream; /* NULL: QEMU has not connected */
};

/* Listens at `path`. 0 or -errno; to be closed in either case. */
int monitor_listen(struct monitor *monitor, const char *path);

/* Waits for QEMU, whose pidfd it watches, too. 0, -ETIMEDOUT, -EPIPE if QEMU ended. */
int monitor_accept(struct monitor *monitor, int pidfd, int64_t deadline_ns);

/* Has a command executed; `arguments`, which it takes, may be NULL. What was returned, for the
 * caller to free, or NULL: it was refused, or QEMU has ended. */
json_t *monitor_execute(struct monitor *monitor, const char *command, json_t *arguments);

void monitor_close(struct monitor *monitor);

#endif
