/* A process that outlives this one by a moment: however this one ends, even by SIGKILL, the
 * terminal is put back as it was, and what was started here is ended.
 */
#ifndef WATCH_SENTRY_H
#define WATCH_SENTRY_H

#include <stdbool.h>
#include <sys/types.h>

struct sentry {
    int fd; /* it notices when this is closed; -1: there is none */
    pid_t pid;
};

/* Starts the guard, before the terminal is changed: of the terminal on `terminal_fd` (-1: none),
 * and of the process group (0: none). 0 or -errno. */
int sentry_start(struct sentry *sentry, int terminal_fd, pid_t group);

/* Ends the guard: all has been put back already. */
void sentry_dismiss(struct sentry *sentry);

#endif
