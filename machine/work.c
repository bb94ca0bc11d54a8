/* Who uses a folder holds a lock on it, which the kernel takes away when he dies, however that was.
 * Whoever makes a new folder removes all that he can lock. In between, his own is not locked yet
 * and may be removed: then he finds it gone once he has the lock, and makes another one. */
#include "machine/work.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME  "proctor-machine-"
#define TRIES 10

static const char *place(void)
{
    const char *folder = getenv("TMPDIR");
    return folder != NULL && folder[0] != '\0' ? folder : "/tmp";
}

static void empty(int folder)
{
    static const char *const names[] = {"channel", "counts", "image", "monitor", "plugin.so"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlinkat(folder, names[i], 0);
}

/* Others can make folders of such a name, too: a link is not followed, and another user's left. */
static int open_own(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || (fstat(fd, &status) == 0 && status.st_uid == geteuid()))
        return fd;
    close(fd);
    return -1;
}

static void remove_dead(void)
{
    char *pattern = text_of("%s/" NAME "??????", place());
    glob_t found;
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            int fd = open_own(found.gl_pathv[i]);
            if (fd < 0)
                continue;
            if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
                empty(fd);
                rmdir(found.gl_pathv[i]);
            }
            close(fd);
        }
        globfree(&found);
    }
    free(pattern);
}

/* Is it locked, and still there? */
static bool lock(struct work_folder *folder)
{
    struct stat status;
    folder->lock = open_own(folder->path);
    if (folder->lock >= 0 && flock(folder->lock, LOCK_EX) == 0 &&
        fstat(folder->lock, &status) == 0 && status.st_nlink > 0)
        return true;
    if (folder->lock >= 0)
        close(folder->lock);
    return false;
}

char *work_folder_make(struct work_folder *folder)
{
    remove_dead();
    for (unsigned i = 0; i < TRIES; i++) {
        *folder = (struct work_folder){text_of("%s/" NAME "XXXXXX", place()), -1};
        bool is_made = mkdtemp(folder->path) != NULL;
        int error = errno;
        if (is_made && lock(folder))
            return NULL;
        free(folder->path);
        *folder = (struct work_folder){NULL, -1};
        if (!is_made)
            return text_of("%s: no folder can be made there: %s", place(), strerror(error));
    }
    return text_of("%s: folders that are made there disappear", place());
}

char *work_folder_path(const struct work_folder *folder, const char *name)
{
    return text_of("%s/%s", folder->path, name);
}

void work_folder_remove(struct work_folder *folder)
{
    if (folder->path == NULL)
        return;
    empty(folder->lock);
    rmdir(folder->path);
    close(folder->lock);
    free(folder->path);
    *folder = (struct work_folder){NULL, -1};
}
