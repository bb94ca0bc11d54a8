#include "grader/arena/scratch.h"

#include "base/memory.h"
#include "grader/arena/job_user.h"
#include "grader/intake/tree_empty.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATTERN "proctor-??????"

/* The mark, and what is locked. It gets its name when it is locked already. */
#define LOCK          ".proctor-lock"
#define LOCK_UNLOCKED ".proctor-lock.new"

static const char *parent(void)
{
    const char *named = getenv("TMPDIR");
    return named != NULL && named[0] == '/' ? named : "/tmp";
}

/*** Leftovers ***/

static size_t count_entries(const char *folder)
{
    size_t count = 0;
    DIR *entries = opendir(folder);
    for (struct dirent *entry = NULL; entries != NULL && (entry = readdir(entries)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (entries != NULL)
        closedir(entries);
    return count;
}

/* The lock of a folder of ours that nobody holds, now held by us; or -1. */
static int take_lock_of_leftover(const char *folder)
{
    char *path = text_of("%s/" LOCK, folder);
    struct stat status;
    int fd = lstat(folder, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
                     (status.st_mode & 07777) == 0700
                 ? open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
                 : -1;
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
        close(fd);
        fd = -1;
    }
    free(path);
    return fd;
}

/* A run that was killed before it had a lock leaves a folder without one. One that is about to take
 * it has had a minute to do so. */
#define LOCKING_S 60

static void remove_if_never_locked(const char *folder)
{
    char *before = text_of("%s/" LOCK_UNLOCKED, folder);
    struct stat status;
    if (lstat(folder, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
        (status.st_mode & 07777) == 0700 && status.st_mtime + LOCKING_S < time(NULL)) {
        rmdir(folder); /* if there is nothing in it, or nothing but our mark: */
        if (access(before, F_OK) == 0 && count_entries(folder) == 1 && unlink(before) == 0)
            rmdir(folder);
    }
    free(before);
}

static void remove_leftovers(void)
{
    DIR *entries = opendir(parent());
    for (struct dirent *entry = NULL; entries != NULL && (entry = readdir(entries)) != NULL;) {
        if (fnmatch(PATTERN, entry->d_name, 0) != 0)
            continue;
        char *folder = text_of("%s/%s", parent(), entry->d_name);
        int fd = take_lock_of_leftover(folder);
        if (fd >= 0) {
            tree_remove(folder);
            close(fd);
        } else {
            remove_if_never_locked(folder);
        }
        free(folder);
    }
    if (entries != NULL)
        closedir(entries);
}

/*** All of it ***/

static int make_lock(const char *folder)
{
    char *before = text_of("%s/" LOCK_UNLOCKED, folder);
    char *path = text_of("%s/" LOCK, folder);
    int fd = open(before, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int error = fd < 0 || flock(fd, LOCK_EX) < 0 || rename(before, path) < 0 ? -errno : 0;
    if (error < 0 && fd >= 0)
        close(fd);
    free(before);
    free(path);
    return error < 0 ? error : fd;
}

int scratch_open(struct scratch *scratch)
{
    remove_leftovers();
    *scratch = (struct scratch){.lock_fd = -1};
    char *pattern = text_of("%s/proctor-XXXXXX", parent());
    bool is_made = mkdtemp(pattern) != NULL;
    scratch->folder = is_made ? realpath(pattern, NULL) : NULL;
    int error = scratch->folder == NULL ? -errno : make_lock(scratch->folder);
    if (error < 0 && is_made)
        tree_remove(pattern);
    free(pattern);
    if (error < 0) {
        free(scratch->folder);
        return error;
    }
    scratch->lock_fd = error;
    return 0;
}

void scratch_close(struct scratch *scratch)
{
    tree_remove(scratch->folder);
    close(scratch->lock_fd);
    free(scratch->folder);
    *scratch = (struct scratch){.lock_fd = -1};
    remove_leftovers(); /* of those that had been killed just before we began, and still held it */
}

/*** One grading's ***/

/* A mount namespace of our own, for which an ordinary user needs a user namespace. */
static int leave_mount_namespace(void)
{
    int error = geteuid() != 0 ? job_user_leave_namespace() : 0;
    if (error == 0 && unshare(CLONE_NEWNS) < 0)
        error = -errno;
    if (error == 0 && mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
        error = -errno;
    return error;
}

static bool mount_at(const char *folder, const struct limits *limits)
{
    char options[128];
    snprintf(options, sizeof options, "mode=0755,size=%" PRId64 ",nr_inodes=%" PRId64,
             limits->folder_bytes, limits->folder_files);
    return leave_mount_namespace() == 0 &&
           mount("proctor", folder, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
}

int scratch_make_folder(const char *folder, const struct limits *limits, bool may_mount,
                        bool *is_bounded)
{
    *is_bounded = false;
    /* Ours is the one above; this one must be open to whom the submission is. */
    if (mkdir(folder, 0755) < 0 || chmod(folder, 0755) < 0)
        return -errno;
    *is_bounded = may_mount && mount_at(folder, limits);
    return 0;
}
