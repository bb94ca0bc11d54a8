#include "grader/intake/straight_path.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Descriptor or -errno. */
static int open_folder(int from, const char *path)
{
    const struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                                 .resolve = RESOLVE_NO_SYMLINKS};
    int fd = (int)syscall(SYS_openat2, from, path[0] != '\0' ? path : ".", &how, sizeof how);
    return fd < 0 ? -errno : fd;
}

/* "/first/second/third": from the first one on, which may be a link. */
static int open_from_root(const char *path)
{
    size_t slashes = strspn(path, "/");
    size_t first_bytes = slashes + strcspn(path + slashes, "/");
    const char *rest = path + first_bytes + strspn(path + first_bytes, "/");
    char *first = text_of("%.*s", (int)first_bytes, path);
    int from = open(first, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = from < 0 ? -errno : open_folder(from, rest);
    free(first);
    if (from >= 0)
        close(from);
    return fd;
}

int straight_path_open(const char *path, char **straight)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    char *above = text_of("%.*s", slash != NULL ? (int)(name - path) : 0, path);
    int fd = above[0] == '/' ? open_from_root(above) : open_folder(AT_FDCWD, above);
    free(above);
    if (fd >= 0)
        *straight = text_of("/proc/self/fd/%d/%s", fd, name[0] != '\0' ? name : ".");
    return fd;
}
