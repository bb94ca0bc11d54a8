/* What is known while clients are followed: the latest pictures, what was read from the kernel for
 * them, and tables to find things in it. tracker.h makes the pictures; claims, owners and
 * model_seen each fill in their part.
 */
#ifndef WATCH_FOLLOWING_H
#define WATCH_FOLLOWING_H

#include "observe/runtime.h"
#include "observe/snapshot.h"
#include "observe/waiting/waiting.h"
#include "watch/lookup.h"
#include "watch/picture.h"
#include "watch/target/sockets.h"

struct watched;
struct model_seen;

/* What is remembered of a task, as it is dear to find out. */
struct known_task {
    pid_t pid;
    pid_t tid;
    char name[16];
    enum runtime_thread runtime;
    int64_t first_ns; /* when it was first seen */
    uint64_t cpu_ns;
};

struct tracker {
    const struct watched *target;
    struct picture now;  /* the latest */
    struct picture then; /* the one before */
    int64_t began_ns;
    int64_t looked_ns; /* of the latest look, since then */
    size_t looks;

    /* As read from the kernel at the latest look. */
    struct snapshot snapshot; /* its tcp and tasks */
    struct sockets sockets;   /* how its tcp is read */
    struct waiting waiting;
    struct task_files *files;

    struct lookup rows;   /* connections of the table by both addresses */
    struct lookup inodes; /* clients of the picture by inode */
    struct lookup over;   /* connections that have ended, and are not followed */
    struct lookup over_before;
    size_t gone_left_out; /* of clients that have gone: so many are not shown any more */
    bool *is_claimed;     /* by row: it is an end of a client that is followed */
    size_t claimed_capacity;
    struct known_task *known; /* in the order of the tasks */
    struct known_task *known_spare;
    size_t known_count;
    size_t known_capacity;
    unsigned *foreign; /* inodes of listeners that are others' */
    size_t foreign_count;
    int next_client;
    int next_listener;
    struct model_seen *model;
};

/* What is remembered of the task, looked for from this place in the list on; NULL: nothing. */
const struct known_task *following_find_task(const struct tracker *tracker, size_t hint, pid_t tid);

/* When a task was first seen; -1: at the first look, or never. */
int64_t tracker_task_came_ns(const struct tracker *tracker, pid_t tid);

#endif
