/* Connections that are known already, read again one by one; and whether there is a need to.
 *
 * To list all sockets the kernel walks through its whole hash table, of which there is one for all
 * network namespaces: 262,144 buckets on a machine of 32 GB, two milliseconds and the caches with
 * them, however few sockets there are. To find one by its addresses it looks into one bucket.
 */
#ifndef OBSERVE_TCP_AGAIN_H
#define OBSERVE_TCP_AGAIN_H

#include "observe/tcp.h"

#include <sys/types.h>

/* Of these rows of the table, by their places in it, reads what the kernel has now under the same
 * two addresses, with its counts; a row that is gone gets the state 0. None of them listens: of
 * those that share an address the kernel would choose any. 0 or -errno. */
int tcp_rows_read_again(struct tcp_table *table, const size_t places[], size_t count,
                        int netlink_fd);

/* Are these rows as they were, as tcp_tables_equal() sees it? Asks no further once one is not. 1, 0
 * or -errno. */
int tcp_rows_are_same(const struct tcp_table *table, const size_t places[], size_t count,
                      int netlink_fd);

/* What has passed in a network namespace so far: where a number is what it was before, nothing
 * has. (tcpActiveOpens and tcpPassiveOpens, tcpInSegs and tcpOutSegs of RFC 4022, of both
 * families.) */
struct tcp_activity {
    uint64_t opens;    /* connections, from there or to there; not handshakes that are under way and
                        * came from another namespace */
    uint64_t segments; /* that were received or sent */
};

/* A descriptor for tcp_activity_read(), on the network namespace of the process (0: our own). It
 * stays valid when the process ends. Descriptor or -errno. */
int tcp_activity_open(pid_t pid);

/* 0 or -errno. */
int tcp_activity_read(struct tcp_activity *activity, int activity_fd);

#endif
