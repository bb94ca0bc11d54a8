/* Theory of operation: the source is walked with descriptors and without following links, as deep
 * as the limits allow. Each file is opened first and looked at then, so that nothing can be put in
 * its place in between; opening does not wait, in case it is a FIFO.
 */
#include "grader/intake/folder_copy.h"

#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)65536)

struct copy {
    struct new_tree tree;
    struct left_out *left_out;
    char *block;
    char **trouble;
};

static int copy_data(struct copy *copy, int source, struct new_file *file)
{
    uint64_t offset = 0;
    for (;;) {
        ssize_t count = read(source, copy->block, BLOCK_BYTES);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count < 0 ? -errno : 0;
        int error =
            new_tree_write(&copy->tree, file, copy->block, (size_t)count, offset, copy->trouble);
        if (error != 0)
            return error;
        offset += (uint64_t)count;
    }
}

static int copy_file(struct copy *copy, int source, mode_t mode, const char *path)
{
    struct new_file file;
    int error = new_tree_file(&copy->tree, path, (mode & S_IXUSR) != 0, &file, copy->trouble);
    if (error != 0)
        return error;
    error = copy_data(copy, source, &file);
    return new_tree_finish(&copy->tree, &file, 0, error, copy->trouble);
}

static int copy_folder(struct copy *copy, int source, const char *path);

/* Copies what `source` is: a folder, a file or, left out, anything else. */
static int copy_opened(struct copy *copy, int source, const char *name)
{
    struct stat status;
    if (fstat(source, &status) < 0)
        return -errno;
    if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode)) {
        left_out_note(copy->left_out, LEFT_OUT_SPECIAL, name, strlen(name));
        return 0;
    }
    char *path = NULL;
    int error = new_tree_path(&copy->tree, name, &path, copy->trouble);
    if (error != 0)
        return error;
    bool is_folder = S_ISDIR(status.st_mode);
    error = is_folder ? new_tree_folder(&copy->tree, path, copy->trouble)
                      : copy_file(copy, source, status.st_mode, path);
    if (error == 0 && is_folder)
        error = copy_folder(copy, source, path);
    free(path);
    return error;
}

/* Opening a device may do something, so only what looks right is opened at all. */
static bool is_no_part(const char *name, mode_t mode, enum left_out_kind *kind)
{
    if (left_out_find(name, S_ISDIR(mode), kind) > 0)
        return true;
    *kind = LEFT_OUT_SPECIAL;
    return !S_ISDIR(mode) && !S_ISREG(mode);
}

static int copy_below(struct copy *copy, int above, const char *name, const char *path)
{
    int source = openat(above, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (source < 0)
        return -errno;
    int error = copy_opened(copy, source, path);
    close(source);
    return error;
}

static int copy_named(struct copy *copy, int above, const char *name, const char *path)
{
    struct stat status;
    enum left_out_kind kind = LEFT_OUT_SPECIAL;
    if (fstatat(above, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    char *below = path[0] != '\0' ? text_of("%s/%s", path, name) : text_of("%s", name);
    int error = 0;
    if (is_no_part(name, status.st_mode, &kind))
        left_out_note(copy->left_out, kind, below, strlen(below));
    else
        error = copy_below(copy, above, name, below);
    free(below);
    return error;
}

static int copy_folder(struct copy *copy, int source, const char *path)
{
    int fd = openat(source, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *names = fd < 0 ? NULL : fdopendir(fd);
    if (names == NULL)
        return -errno;
    int error = 0;
    struct dirent *entry = NULL;
    while (error == 0 && (entry = readdir(names)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            error = copy_named(copy, source, entry->d_name, path);
    closedir(names);
    return error;
}

int folder_copy(const char *source, const char *folder, const struct archive_limits *limits,
                struct left_out *left_out, char **trouble)
{
    struct copy copy = {.left_out = left_out, .trouble = trouble};
    struct stat status;
    *trouble = NULL;
    int error = new_tree_open(&copy.tree, folder, limits);
    int fd =
        error == 0 ? open(source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
    if (error == 0 && (fd < 0 || fstat(fd, &status) < 0))
        error = -errno;
    copy.block = allocate(BLOCK_BYTES, 1);
    if (error == 0)
        error = S_ISDIR(status.st_mode) ? copy_folder(&copy, fd, "")
                                        : copy_opened(&copy, fd, basename(source));
    if (fd >= 0)
        close(fd);
    free(copy.block);
    new_tree_close(&copy.tree);
    return error;
}
