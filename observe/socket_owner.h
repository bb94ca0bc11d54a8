/* Which processes of this machine have which sockets: a walk through all of /proc, for the start of
 * a look and for what is asked seldom. */
#ifndef OBSERVE_SOCKET_OWNER_H
#define OBSERVE_SOCKET_OWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct socket_owner {
    unsigned inode; /* set by the caller */
    pid_t pid;      /* the first process found that has it; 0: none, or it cannot be seen */
};

/* Finds owners for all of these at once. False if the descriptors of some process could not be
 * read, as those of other users cannot without root. */
bool socket_owners_find(struct socket_owner *owners, size_t count);

/* The topmost of the processes that have the socket which `pid` has: a server that forks leaves its
 * listener to its children. */
pid_t socket_owner_topmost(pid_t pid, unsigned inode);

/* The parent of a process; 0 if there is none, or it has ended. */
pid_t process_parent(pid_t pid);

#endif
