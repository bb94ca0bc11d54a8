/* What is in the network of an arena: a loopback interface, and on it an address of each family
 * that only this network has. There is no way out of it. */
#ifndef GRADER_ARENA_NETWORK_H
#define GRADER_ARENA_NETWORK_H

/* Sets up the caller's network namespace, which is its own and new, or goes on in another new one.
 * 0 or -errno. */
int network_set_up(void);

#endif
