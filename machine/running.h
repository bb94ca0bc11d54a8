/* QEMU under way: started, asked, and ended. */
#ifndef MACHINE_RUNNING_H
#define MACHINE_RUNNING_H

#include "base/process.h"
#include "machine/channel.h"
#include "machine/monitor.h"

#include <stdbool.h>

/* Where QEMU, its kernel and its files are; not owned. */
struct running_place {
    const char *qemu;
    const char *kernel;
    const char *folder;
};

struct running {
    struct process process;
    struct monitor monitor;
    struct channel channel;
    bool has_started;
};

/* The environment's variable with the file that is saved to or gone on from, for the shell that
 * QEMU starts; set before QEMU is. */
#define RUNNING_SAVED "PROCTOR_MACHINE_SAVED"

/* Starts QEMU, to boot, or to go on from what was saved; with the plugin, where `counts` names the
 * file for it. 0 or -errno; to be stopped in either case. */
int running_start(struct running *running, const struct running_place *place, bool is_saved,
                  const char *counts);
void running_stop(struct running *running);

/* Does QEMU report this status when asked by this command? */
bool running_has_status(struct running *running, const char *command, const char *status);

/* The words that must be the same when a machine is saved and when it is gone on from; the last
 * NULL. */
extern const char *const running_words[];

#endif
