/* Follows the clients of a server from look to look: each look makes the next picture.
 *
 * What lies between two looks is not seen: a client that came and went there is only counted, and of
 * what it sent no more is known than what the kernel still holds.
 */
#ifndef WATCH_TRACKER_H
#define WATCH_TRACKER_H

#include "observe/runtime.h"
#include "observe/snapshot.h"
#include "observe/waiting/waiting.h"
#include "watch/lookup.h"
#include "watch/picture.h"

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

/* `target` stays the caller's. */
void tracker_init(struct tracker *tracker, const struct watched *target);

/* Looks, and makes `now` the picture of it. 0 or -errno. */
int tracker_look(struct tracker *tracker);

/* Makes the next picture from a snapshot that is in `tracker->snapshot` already, taken `t_ns` after
 * the beginning: what tracker_look() does after it has read. */
void tracker_take(struct tracker *tracker, int64_t t_ns);

void tracker_release(struct tracker *tracker);

/* When a task was first seen; -1: at the first look, or never. */
int64_t tracker_task_came_ns(const struct tracker *tracker, pid_t tid);

#endif
