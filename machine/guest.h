/* Process 1 of the counted machine. */
#ifndef MACHINE_GUEST_H
#define MACHINE_GUEST_H

#include <stdbool.h>

/* Is this process the first one of the counted machine? */
bool machine_is_guest(void);

/* Sets the machine up, does what the channel orders, replies, and powers off. */
_Noreturn void machine_guest(void);

/* What it says when it waits for an order. */
#define MACHINE_READY "counted machine: ready"

/* The name under which the machine shows the host's files. */
#define MACHINE_HOST_TAG "host"

/* A file that only the guest's image has. */
#define MACHINE_MARK_FILE "/proctor.machine"

#endif
