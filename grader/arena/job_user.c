/* Theory of operation: the users are those between the containers' and the foreign ones in
 * systemd's list of users and groups (UIDS-GIDS), which nobody gives out. Jobs that run at the same
 * time have different process numbers, where they see each other; where they do not, in containers
 * that share the host's users, mostly different process namespaces.
 */
#include "grader/arena/job_user.h"

#include "base/descriptor_passing.h"
#include "base/memory.h"
#include "grader/arena/user_namespace.h"
#include "observe/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_USER     1879048192U
#define USERS_IN_SPACE (1U << 22) /* the kernel's largest process number */
#define SPACES         63U

/*** Who it is ***/

/* Who `user` is one user namespace further out; -1: nobody. */
static int64_t outer_user(uid_t user)
{
    char text[4096];
    unsigned inner = 0;
    unsigned outer = 0;
    unsigned count = 0;
    int length = 0;
    if (proc_read(text, sizeof text, "/proc/self/uid_map") <= 0)
        return -1;
    for (const char *line = text; sscanf(line, "%u %u %u%n", &inner, &outer, &count, &length) == 3;
         line += length)
        if (user >= inner && user - inner < count)
            return (int64_t)outer + user - inner;
    return -1;
}

bool is_root_of_host(void)
{
    return geteuid() == 0 && outer_user(0) == 0;
}

static uid_t choose(void)
{
    struct stat space;
    if (geteuid() != 0 || stat("/proc/self/ns/pid", &space) < 0)
        return 0;
    uid_t id = FIRST_USER + (uid_t)(space.st_ino % SPACES) * USERS_IN_SPACE + (uid_t)getpid();
    return outer_user(id) >= 0 ? id : 0;
}

int job_user_open(struct job_user *user, bool has_keeper_namespace)
{
    char files[64];
    *user = (struct job_user){.id = choose(), .namespace_fd = -1, .file_map_fd = -1};
    snprintf(user->map, sizeof user->map, "0 0 1\n" SUBMISSION_USER " %u 1\n", user->id);
    if (user->id == 0 || has_keeper_namespace)
        return 0;
    user->namespace_fd = user_namespace_open(user->id, user->map);
    if (user->namespace_fd < 0)
        return user->namespace_fd;
    /* Root's files become the user's, all others stay whose they are. */
    snprintf(files, sizeof files, "0 %u 1\n1 1 %u\n", user->id, user->id - 1);
    user->file_map_fd = user_namespace_open(user->id, files);
    return user->file_map_fd < 0 ? user->file_map_fd : 0;
}

int job_user_enter(const struct job_user *user)
{
    return user->namespace_fd >= 0 && setns(user->namespace_fd, CLONE_NEWUSER) < 0 ? -errno : 0;
}

void job_user_release(struct job_user *user)
{
    descriptor_close(&user->namespace_fd);
    descriptor_close(&user->file_map_fd);
}

/*** What it is lent ***/

/* The same tree with other owners, mounted nowhere yet. Descriptor or -1. */
static int clone_tree(const char *path, int file_map)
{
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (unsigned)file_map};
    if (file_map < 0)
        return -1;
    int tree = open_tree(AT_FDCWD, path,
                         OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW);
    if (tree >= 0 &&
        mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes) < 0)
        descriptor_close(&tree);
    return tree;
}

static _Thread_local uid_t new_owner;

static int give_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return lchown(path, new_owner, new_owner) < 0 ? -errno : 0;
}

static int give(const char *folder, uid_t user)
{
    new_owner = user;
    return nftw(folder, give_one, 16, FTW_PHYS | FTW_MOUNT);
}

static bool can_read(const char *path, uid_t user)
{
    struct stat status;
    if (stat(path, &status) < 0)
        return false;
    mode_t needed = S_ISDIR(status.st_mode) ? S_IROTH | S_IXOTH : S_IROTH;
    return status.st_uid == user || (status.st_mode & needed) == needed;
}

static int lend(uid_t user, const char *path, int tree, bool may_write)
{
    if (tree >= 0)
        return move_mount(tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) < 0 ? -errno : 0;
    if (may_write)
        return give(path, user);
    return can_read(path, user) ? 0 : -EACCES;
}

int job_user_lend(const struct job_user *user, const struct lent *lent, size_t count)
{
    uid_t id = user->namespace_fd >= 0 ? user->id : (uid_t)strtoul(SUBMISSION_USER, NULL, 10);
    int error = 0;
    int *trees = allocate(count + 1, sizeof *trees);
    /* All are cloned before any is mounted: one may lie within another. */
    for (size_t i = 0; i < count; i++)
        trees[i] = clone_tree(lent[i].path, user->file_map_fd);
    for (size_t i = 0; i < count; i++) {
        if (error == 0)
            error = lend(id, lent[i].path, trees[i], lent[i].may_write);
        descriptor_close(&trees[i]);
    }
    free(trees);
    return error;
}
