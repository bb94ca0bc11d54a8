/* The columns of netstat -nap (netstat(8)) for the target and its clients: what courses ask to be
 * shown before, during and after each message. */
#ifndef WATCH_NETSTAT_H
#define WATCH_NETSTAT_H

#include "base/bytes.h"

#include <stddef.h>
#include <sys/types.h>

struct tracker;

/* What was found out of sockets: to search all processes is dear. All zero is empty. */
struct netstat {
    struct netstat_owner {
        unsigned inode;
        pid_t pid;
        char name[16];
    } * owners;
    size_t owner_count;
};

/* Appends a table of the latest look of the tracker: its listeners, and both ends of each
 * connection that is on this machine. */
void netstat_append(struct netstat *netstat, const struct tracker *tracker, struct bytes *text);

void netstat_release(struct netstat *netstat);

#endif
