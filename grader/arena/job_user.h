/* A submission is a user of the host that owns nothing: a user of its own for each grading. Root
 * has users for this that nobody gives out, an ordinary user those of /etc/subuid.
 *
 * Were it root outside of its namespace, it could read what root may, and take what the kernel
 * counts per user (inotify instances, keys, pending signals, descriptors in flight) from root, and
 * so from all other gradings. (Of an ordinary user's, the kernel books inotify instances and
 * namespaces on that user all the same.) Inside it is the user 1000; root of its namespace is the
 * grader, who makes the sandbox and then becomes the submission: nothing in there leads back.
 *
 * The submission's folders may be root's alone. The keeper therefore mounts each once more in its
 * own mount namespace, with root's files owned by the job's user; see mount_setattr(2).
 */
#ifndef GRADER_ARENA_JOB_USER_H
#define GRADER_ARENA_JOB_USER_H

#include "grader/arena/user_namespace.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Who the submission is inside. */
#define SUBMISSION_USER "1000"

struct job_user {
    uid_t id;                      /* of the host; 0: none, the submission is who we are */
    struct user_namespace_map map; /* of its user namespace: root, and who it is */
    int namespace_fd;              /* -1: the keeper's own */
    int file_map_fd; /* a user namespace, too, which says whose files root's become; -1: none */
};

/* Root, and not only in a user namespace? */
bool is_root_of_host(void);

/* The user for what this process grades. None for an ordinary user without a range of others, nor
 * for root of a user namespace that knows no others. `has_keeper_namespace`: the keeper is in a
 * user namespace, which will have this map, and cannot mount with other owners. 0 or -errno;
 * job_user_release() in every case. */
int job_user_open(struct job_user *user, bool has_keeper_namespace);

/* A folder or a file that it sees. */
struct lent {
    const char *path;
    bool may_write;
};

/* Lends it these in the mount namespace of the calling process. Where the kernel cannot (some kinds
 * of file systems), a folder to write into is given to it for good, and what it cannot read is
 * refused. 0 or -errno. */
int job_user_lend(const struct job_user *user, const struct lent *lent, size_t count);

/* May it read this file, or this folder and the files in it, as they are? */
bool job_user_can_read(const struct job_user *user, const char *path);

/* As an ordinary user: the calling process, which must have one thread, goes on in a user namespace
 * of its own. In there it is who it is; beside it there are the users that gradings may have, if
 * the machine lets us, or no others. 0 or -errno. */
int job_user_leave_namespace(void);

/* Goes on as root of its namespace, with nothing outside. 0 or -errno. */
int job_user_enter(const struct job_user *user);

void job_user_release(struct job_user *user);

#endif
