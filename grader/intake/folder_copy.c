/* Theory of operation: the source is walked with descriptors and without following links, as deep
 * as the limits allow; each file is opened first and looked at then, so that nothing can be put in
 * its place in between, and without waiting, should it be a FIFO.
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

/* Folders of tools, which a submission is not made of. */
static const char *const tools[] = {".git", "__pycache__", ".venv", "node_modules", NULL};

struct copy {
    struct new_tree tree;
    size_t left_out;
    char *block;
    char **trouble;
};

static bool is_of_a_tool(const char *name)
{
    const char *const *tool = tools;
    while (*tool != NULL && strcmp(*tool, name) != 0)
        tool++;
    return *tool != NULL;
}

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
    char *ignored = NULL;
    int finish_error = new_tree_finish(&copy->tree, &file, 0, &ignored);
    free(ignored);
    return error != 0 ? error : finish_error;
}

static int copy_folder(struct copy *copy, int source, const char *path);

/* Copies what `source` is: a folder, a file or, left out, anything else. */
static int copy_opened(struct copy *copy, int source, const char *name)
{
    struct stat status;
    if (fstat(source, &status) < 0)
        return -errno;
    if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode)) {
        copy->left_out++;
        return 0;
    }
    char *path = NULL;
    int error = new_tree_path(&copy->tree, name, &path, copy->trouble);
    if (error != 0)
        return error;
    if (S_ISREG(status.st_mode))
        error = copy_file(copy, source, status.st_mode, path);
    else
        error = new_tree_folder(&copy->tree, path, copy->trouble);
    if (error == 0 && S_ISDIR(status.st_mode))
        error = copy_folder(copy, source, path);
    free(path);
    return error;
}

static int copy_named(struct copy *copy, int above, const char *name, const char *path)
{
    int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    struct stat status;
    if (fstatat(above, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    if (S_ISDIR(status.st_mode) && is_of_a_tool(name))
        return 0;
    /* Opening a device may do something, so only what looks right is opened at all. */
    if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode)) {
        copy->left_out++;
        return 0;
    }
    int source = openat(above, name, flags);
    if (source < 0)
        return -errno;
    char *below = path[0] != '\0' ? text_of("%s/%s", path, name) : text_of("%s", name);
    int error = copy_opened(copy, source, below);
    free(below);
    close(source);
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

/* Copies what `source` is when it is opened so: a folder, or a file that becomes `name`. */
static int copy_source(const char *source, int flags, const char *name, const char *folder,
                       const struct archive_limits *limits, size_t *left_out, char **trouble)
{
    struct copy copy = {.trouble = trouble};
    *trouble = NULL;
    int error = new_tree_open(&copy.tree, folder, limits);
    int fd = error == 0 ? open(source, flags | O_RDONLY | O_CLOEXEC) : -1;
    if (error == 0 && fd < 0)
        error = -errno;
    copy.block = allocate(BLOCK_BYTES, 1);
    if (error == 0)
        error = name != NULL ? copy_opened(&copy, fd, name) : copy_folder(&copy, fd, "");
    if (fd >= 0)
        close(fd);
    *left_out = copy.left_out;
    free(copy.block);
    new_tree_close(&copy.tree);
    return error;
}

int folder_copy(const char *source, const char *folder, const struct archive_limits *limits,
                size_t *left_out, char **trouble)
{
    return copy_source(source, O_DIRECTORY, NULL, folder, limits, left_out, trouble);
}

int folder_copy_file(const char *source, const char *name, const char *folder,
                     const struct archive_limits *limits, char **trouble)
{
    size_t ignored = 0;
    return copy_source(source, O_NONBLOCK | O_NOCTTY, name, folder, limits, &ignored, trouble);
}
