/* Theory of operation: root's users are those between the containers' and the foreign ones in
 * systemd's list of users and groups (UIDS-GIDS), which nobody gives out. Jobs that run at the same
 * time have different process numbers, where they see each other; where they do not, in containers
 * that share the host's users, mostly different process namespaces.
 *
 * An ordinary user's are those of a range in /etc/subuid, by process number: jobs of one class have
 * numbers close to each other, so two have the same only once in as many as the range has. The
 * grader goes on in a namespace of its own where the range is mapped, and so may look into its
 * submissions, give them files to write, and remove what they leave.
 */
#include "grader/arena/job_user.h"

#include "base/descriptor_passing.h"
#include "base/memory.h"
#include "grader/arena/subordinate_ids.h"
#include "grader/arena/user_namespace.h"
#include "observe/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
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

/* Of root's users, or 0. */
static uid_t choose_as_root(void)
{
    struct stat space;
    if (stat("/proc/self/ns/pid", &space) < 0)
        return 0;
    uid_t id = FIRST_USER + (uid_t)(space.st_ino % SPACES) * USERS_IN_SPACE + (uid_t)getpid();
    return outer_user(id) >= 0 ? id : 0;
}

static int map_all(pid_t pid)
{
    const struct subordinate_ids ids = subordinate_ids();
    struct user_namespace_map map;
    user_namespace_map_range(&map, ids.users.first, ids.users.count, ids.groups.first,
                             ids.groups.count);
    return ids.users.count > 0 ? user_namespace_map_lines(pid, &map) : -ENOENT;
}

/* The process that maps users from outside, once the pipe says so: its end is the answer. */
static _Noreturn void map_parent(const int go_pipe[2])
{
    char go = 0;
    close(go_pipe[1]); /* or it would wait for itself */
    bool may_go = read(go_pipe[0], &go, sizeof go) == sizeof go;
    _exit(may_go && map_all(getppid()) == 0 ? 0 : 1);
}

static bool has_left;

int job_user_leave_namespace(void)
{
    uid_t user = geteuid();
    gid_t group = getegid();
    int go[2];
    int status = 0;
    if (pipe2(go, O_CLOEXEC) < 0)
        return -errno;
    pid_t mapper = fork();
    if (mapper == 0)
        map_parent(go);
    has_left = true;
    int error = mapper < 0 || unshare(CLONE_NEWUSER) < 0 ? -errno : 0;
    if (error == 0 && write(go[1], "g", 1) != 1)
        error = -errno;
    close(go[0]);
    close(go[1]);
    while (mapper > 0 && waitpid(mapper, &status, 0) < 0 && errno == EINTR)
        continue;
    bool is_mapped = mapper > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return error < 0 || is_mapped ? error : user_namespace_map(getpid(), user, group);
}

/* In the host's namespace we may not look into what other users run: in one of ours we may. */
static struct subordinate_ids reach_ids(void)
{
    const struct subordinate_ids ids = subordinate_ids();
    if (!has_left && ids.users.count > 0)
        job_user_leave_namespace();
    return ids;
}

static void choose(struct job_user *user)
{
    uid_t group = 0;
    if (geteuid() == 0) {
        user->id = group = choose_as_root();
    } else {
        const struct subordinate_ids ids = reach_ids();
        bool has_any = ids.users.count > 0 && outer_user(ids.users.first) >= 0;
        user->id = has_any ? ids.users.first + (uid_t)getpid() % ids.users.count : 0;
        group = has_any ? ids.groups.first + (uid_t)getpid() % ids.groups.count : 0;
    }
    snprintf(user->map.users, sizeof user->map.users, "0 %u 1\n" SUBMISSION_USER " %u 1\n",
             geteuid(), user->id);
    snprintf(user->map.groups, sizeof user->map.groups, "0 %u 1\n" SUBMISSION_USER " %u 1\n",
             getegid(), group);
}

int job_user_open(struct job_user *user, bool has_keeper_namespace)
{
    struct user_namespace_map files;
    *user = (struct job_user){.namespace_fd = -1, .file_map_fd = -1};
    choose(user);
    if (user->id == 0 || has_keeper_namespace)
        return 0;
    user->namespace_fd = user_namespace_open(user->id, &user->map);
    if (user->namespace_fd < 0)
        return user->namespace_fd;
    /* Root's files become the user's, all others stay whose they are. */
    snprintf(files.users, sizeof files.users, "0 %u 1\n1 1 %u\n", user->id, user->id - 1);
    memcpy(files.groups, files.users, sizeof files.groups);
    user->file_map_fd = user_namespace_open(user->id, &files);
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

static int is_entry(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

bool job_user_can_read(const struct job_user *user, const char *path)
{
    struct dirent **entries = NULL;
    bool can = can_read(path, user->id);
    int count = can ? scandir(path, &entries, is_entry, NULL) : 0;
    for (int i = 0; i < count; i++) {
        char *inner = text_of("%s/%s", path, entries[i]->d_name);
        struct stat status;
        can = can &&
              (lstat(inner, &status) < 0 || S_ISLNK(status.st_mode) || can_read(inner, user->id));
        free(inner);
        free(entries[i]);
    }
    free(entries);
    return can;
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
