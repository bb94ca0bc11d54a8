/* Sockets and tasks of a submission at one moment, and what two such moments tell.
 *
 * Two reads are not one snapshot: the sockets are read, then the tasks, then the sockets again,
 * and the snapshot is consistent only if both readings of the sockets agree.
 */
#ifndef OBSERVE_SNAPSHOT_H
#define OBSERVE_SNAPSHOT_H

#include "observe/task.h"
#include "observe/tcp.h"
#include "observe/udp.h"

/* What to look at. */
struct subject {
    int netlink_fd;           /* into its network namespace; see tcp_table_read() */
    pid_t root;               /* it is the tree below this process */
    bool shares_network;      /* others are in that namespace too, and are left out */
    uint16_t port;            /* then: where it is known to have listened, or 0 */
    bool watches_udp;         /* its UDP sockets are looked at, too */
    size_t running_max;       /* of its tasks; see struct task_list */
    struct task_files *files; /* held open from one snapshot to the next, or NULL */
};

struct snapshot {
    struct tcp_table tcp;
    struct tcp_table tcp_again;
    struct udp_table udp; /* empty unless they are watched */
    struct udp_table udp_again;
    long under_way; /* then: packets that were in no queue yet (udp_count_under_way()), before the
                     * rows were read; else 0 */
    struct task_list tasks;
    bool is_consistent;
    bool has_too_many_descriptors; /* to find out which listeners the tree has */
};

/* Takes a snapshot. All zero is an empty one; it is overwritten. 0 or -errno. */
int snapshot_take(struct snapshot *snapshot, const struct subject *subject);

/* The same in two steps. Without the second one it is half as dear, and not known to be
 * consistent. */
int snapshot_begin(struct snapshot *snapshot, const struct subject *subject);
int snapshot_complete(struct snapshot *snapshot, const struct subject *subject);
void snapshot_release(struct snapshot *snapshot);

/* The row of a socket that listens on `port` (0: on any) and that a process of the tree has; or
 * NULL. `*is_cut_short` (may be NULL): its processes have more descriptors than are searched
 * (descriptor.h), and it was not among the first. */
const struct tcp_row *snapshot_find_listener(const struct snapshot *snapshot, uint16_t port,
                                             bool *is_cut_short);

/* The row of a UDP socket that is bound to `port` (0: to any), gets what anybody sends there, and
 * that a process of the tree has; or NULL. Otherwise as above. */
const struct udp_row *snapshot_find_udp(const struct snapshot *snapshot, uint16_t port,
                                        bool *is_cut_short);

/* Is the snapshot of the same sockets as the other? */
bool snapshot_has_sockets_of(const struct snapshot *snapshot, const struct snapshot *other);

/* A task of the tree with a descriptor for the socket with this inode; 0: none. */
pid_t snapshot_find_owner(const struct snapshot *snapshot, unsigned inode);

/* Has a process of the tree any socket, as far as is searched? */
bool snapshot_has_socket(const struct snapshot *snapshot);

/* How many descriptors its processes have open, as far as is searched. */
size_t snapshot_count_descriptors(const struct snapshot *snapshot);

/* Processor time of all tasks in it. */
struct processor_time {
    uint64_t all_ns;
    uint64_t kernel_ns; /* of that, in the kernel; only as exact as its ticks */
};

struct processor_time snapshot_processor_time(const struct snapshot *snapshot);

#endif
