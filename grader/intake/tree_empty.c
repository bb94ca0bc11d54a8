/* Theory of operation: walking down a tree takes descriptors, or stack, for every level, and a
 * submission can make its tree as deep as it likes. So each folder directly below the top is
 * stripped instead: its files are removed, its folders are moved up to the top under new names, and
 * then it is empty and can be removed. Two descriptors suffice for any tree. No process may change
 * it meanwhile. Links are removed and never followed.
 */
#include "grader/intake/tree_empty.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A stream of the folder's names, from the first on; `folder_fd` stays the caller's. */
static DIR *open_names(int folder_fd)
{
    int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *names = fd < 0 ? NULL : fdopendir(fd);
    if (names == NULL && fd >= 0)
        close(fd);
    return names;
}

static const char *next_name(DIR *names)
{
    struct dirent *entry = readdir(names);
    while (entry != NULL && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0))
        entry = readdir(names);
    return entry == NULL ? NULL : entry->d_name;
}

/* Moves `name` out of `folder` to a name at the top that is free; `*moved` counts on. */
static int move_up(int folder, const char *name, int top, unsigned long *moved)
{
    char fresh[64];
    int result = -1;
    do {
        snprintf(fresh, sizeof fresh, ".to-be-removed-%lu", (*moved)++);
        result = renameat2(folder, name, top, fresh, RENAME_NOREPLACE);
    } while (result < 0 && errno == EEXIST);
    return result < 0 ? -errno : 0;
}

/* Where that is refused, what follows is too, and says so. */
static void allow_changes(int folder, const char *name)
{
    int ignored = fchmodat(folder, name, 0700, AT_SYMLINK_NOFOLLOW);
    (void)ignored;
}

/* Removes a file, or an empty folder, or moves a full one to the top. */
static int clear_away(int folder, const char *name, int top, unsigned long *moved)
{
    if (unlinkat(folder, name, 0) == 0)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return -errno;
    if (unlinkat(folder, name, AT_REMOVEDIR) == 0)
        return 0;
    if (errno != ENOTEMPTY && errno != EEXIST)
        return -errno;
    allow_changes(folder, name); /* as its ".." will change */
    return move_up(folder, name, top, moved);
}

/* Takes everything out of the folder `name` at the top. */
static int strip(int top, const char *name, unsigned long *moved)
{
    allow_changes(top, name);
    int folder = openat(top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *names = folder < 0 ? NULL : fdopendir(folder);
    if (names == NULL)
        return -errno;
    int error = 0;
    const char *inner = NULL;
    while (error == 0 && (inner = next_name(names)) != NULL)
        error = clear_away(folder, inner, top, moved);
    closedir(names);
    return error;
}

/* Removes one name at the top, as far as that can be done without others. */
static int remove_one(int top, const char *name, unsigned long *moved)
{
    if (unlinkat(top, name, 0) == 0)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return -errno;
    int error = 0;
    /* A folder may show a name only after others have gone from it: look again. */
    while (error == 0 && unlinkat(top, name, AT_REMOVEDIR) < 0)
        error = errno == ENOTEMPTY || errno == EEXIST ? strip(top, name, moved) : -errno;
    return error;
}

int tree_empty(int folder_fd)
{
    unsigned long moved = 0;
    int error = 0;
    for (bool is_empty = false; !is_empty && error == 0;) {
        DIR *names = open_names(folder_fd);
        if (names == NULL)
            return -errno;
        const char *name = NULL;
        is_empty = true;
        while (error == 0 && (name = next_name(names)) != NULL) {
            is_empty = false;
            error = remove_one(folder_fd, name, &moved);
        }
        closedir(names);
    }
    return error;
}

int tree_remove(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == EACCES && chmod(folder, 0700) == 0)
        fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? 0 : -errno;
    fchmod(fd, 0700);
    int error = tree_empty(fd);
    close(fd);
    if (error == 0 && rmdir(folder) < 0)
        error = -errno;
    return error;
}
