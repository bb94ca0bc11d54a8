/* Theory of operation: a path is walked from the root part by part, each with openat(2) and
 * O_NOFOLLOW, and what is made is made with O_EXCL. No link is ever made in here, so the flags are
 * a second line of defence. The limits count what was made and written, never what a header
 * promises.
 */
#include "grader/intake/new_tree.h"

#include "base/language.h"
#include "base/memory.h"
#include "text/printable.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct archive_limits archive_limits_default = {
    .entries = 10000,
    .bytes = UINT64_C(256) << 20,
    .depth = 32,
};

/*** Opening ***/

static int check_empty(int folder_fd)
{
    int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (folder == NULL)
        return -errno;
    size_t count = 0;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count <= 2 ? 0 : -ENOTEMPTY; /* "." and ".." */
}

int new_tree_open(struct new_tree *tree, const char *folder, const struct archive_limits *limits)
{
    *tree = (struct new_tree){.limits = limits};
    tree->root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (tree->root < 0)
        return -errno;
    int error = check_empty(tree->root);
    if (error < 0)
        new_tree_close(tree);
    return error;
}

void new_tree_close(struct new_tree *tree)
{
    if (tree->root >= 0)
        close(tree->root);
    tree->root = -1;
}

/*** Refusing ***/

/* Says what is wrong with the entry of that name, in a sentence that leaves room for it; returns
 * 1. */
static int refuse(char **trouble, const char *name, const char *sentence)
{
    *trouble = name_in_sentence(sentence, name);
    return 1;
}

static int count_one(struct new_tree *tree, const char *path, char **trouble)
{
    if (++tree->made <= tree->limits->entries)
        return 0;
    char *shown = name_shown(path);
    *trouble = text_of(_("'%s' is one file too many: the limit is %zu files and folders"), shown,
                       tree->limits->entries);
    free(shown);
    return 1;
}

static int check_size(const struct new_tree *tree, const struct new_file *file, uint64_t bytes,
                      char **trouble)
{
    if (bytes <= tree->limits->bytes - tree->bytes)
        return 0;
    char *shown = name_shown(file->path);
    *trouble = text_of(_("'%s' is too large: the limit for all files together is %llu bytes"),
                       shown, (unsigned long long)tree->limits->bytes);
    free(shown);
    return 1;
}

static int refuse_depth(char **trouble, const char *name, unsigned depth)
{
    char *shown = name_shown(name);
    *trouble = text_of(_("'%s' is too deep: the limit is %u levels"), shown, depth);
    free(shown);
    return 1;
}

/*** Names ***/

/* What is wrong with a part of a path; NULL: nothing. */
static const char *fault_of_part(const char *part, size_t length)
{
    if (length == 2 && memcmp(part, "..", 2) == 0)
        return _("'%s' leads out of the folder with '..'");
    return length > NAME_MAX ? _("'%s' has a component longer than 255 bytes") : NULL;
}

static int refuse_name(const char *name, char **trouble)
{
    if (name[0] == '/')
        return refuse(trouble, name, _("'%s' is an absolute name"));
    return name[0] == '\0' ? refuse(trouble, name, _("'%s' is an empty name")) : 0;
}

int new_tree_path(const struct new_tree *tree, const char *name, char **path, char **trouble)
{
    int error = refuse_name(name, trouble);
    char *plain = allocate(strlen(name) + 2, 1);
    char *end = plain;
    unsigned depth = 0;
    for (const char *part = name; error == 0 && *part != '\0'; part += strspn(part, "/")) {
        size_t length = strcspn(part, "/");
        const char *fault = fault_of_part(part, length);
        if (fault != NULL)
            error = refuse(trouble, name, fault);
        else if (length != 1 || *part != '.') {
            if (++depth > tree->limits->depth)
                error = refuse_depth(trouble, name, tree->limits->depth);
            if (depth > 1)
                *end++ = '/';
            end = mempcpy(end, part, length);
        }
        part += length;
    }
    if (error == 0)
        *path = plain;
    else
        free(plain);
    return error;
}

/*** Making ***/

/* Goes from `*folder` into the one of that name in it, making it if it is missing. */
static int enter(struct new_tree *tree, int *folder, const char *name, char **trouble)
{
    int error = 0;
    if (mkdirat(*folder, name, 0755) == 0) {
        error = count_one(tree, name, trouble);
        if (error == 0 && fchmodat(*folder, name, 0755, 0) < 0) /* whatever the umask */
            error = -errno;
    } else if (errno != EEXIST) {
        error = -errno;
    }
    if (error != 0)
        return error;
    int inner = openat(*folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (inner < 0)
        return errno == ENOTDIR ? refuse(trouble, name, _("'%s' is both a file and a folder"))
                                : -errno;
    close(*folder);
    *folder = inner;
    return 0;
}

/* Opens the folder of that path, making what is missing. To be closed by the caller if 0. */
static int open_folder(struct new_tree *tree, const char *path, int *folder, char **trouble)
{
    *folder = openat(tree->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = *folder < 0 ? -errno : 0;
    char *parts = text_of("%s", path);
    char *rest = NULL;
    for (char *part = strtok_r(parts, "/", &rest); part != NULL && error == 0;
         part = strtok_r(NULL, "/", &rest))
        error = enter(tree, folder, part, trouble);
    free(parts);
    if (error != 0 && *folder >= 0)
        close(*folder);
    return error;
}

int new_tree_folder(struct new_tree *tree, const char *path, char **trouble)
{
    int folder = -1;
    int error = open_folder(tree, path, &folder, trouble);
    if (error == 0)
        close(folder);
    return error;
}

static int make_file(struct new_tree *tree, int folder, const char *name, mode_t mode,
                     struct new_file *file, char **trouble)
{
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    file->fd = openat(folder, name, flags, mode);
    if (file->fd < 0)
        return errno == EEXIST ? refuse(trouble, file->path, _("duplicate name '%s'")) : -errno;
    int error = count_one(tree, file->path, trouble);
    if (error == 0 && fchmod(file->fd, mode) < 0)
        error = -errno;
    if (error != 0)
        close(file->fd);
    return error;
}

int new_tree_file(struct new_tree *tree, const char *path, bool is_executable,
                  struct new_file *file, char **trouble)
{
    *file = (struct new_file){.fd = -1, .path = path};
    const char *name = basename(path);
    char *above = text_of("%.*s", (int)(name - path), path); /* with its slash */
    int folder = -1;
    int error = open_folder(tree, above, &folder, trouble);
    free(above);
    if (error != 0)
        return error;
    error = make_file(tree, folder, name, is_executable ? 0755 : 0644, file, trouble);
    close(folder);
    return error;
}

static bool begins_with(const char *data, size_t count, const char *magic)
{
    return count >= strlen(magic) && memcmp(data, magic, strlen(magic)) == 0;
}

int new_tree_write(struct new_tree *tree, struct new_file *file, const void *data, size_t count,
                   uint64_t offset, char **trouble)
{
    uint64_t end = offset + count;
    int error = check_size(tree, file, end < offset ? UINT64_MAX : end, trouble);
    for (size_t done = 0; error == 0 && done < count;) {
        ssize_t written =
            pwrite(file->fd, (const char *)data + done, count - done, (off_t)(offset + done));
        if (written < 0 && errno != EINTR)
            error = -errno;
        else if (written > 0)
            done += (size_t)written;
    }
    if (error == 0 && end > file->bytes)
        file->bytes = end;
    if (offset == 0)
        file->is_program |= begins_with(data, count, "#!") || begins_with(data, count, "\177ELF");
    return error;
}

int new_tree_finish(struct new_tree *tree, struct new_file *file, uint64_t bytes, int error,
                    char **trouble)
{
    if (error == 0)
        error = check_size(tree, file, bytes, trouble);
    if (error == 0 && bytes > file->bytes) {
        file->bytes = bytes;
        error = ftruncate(file->fd, (off_t)bytes) < 0 ? -errno : 0;
    }
    if (error == 0 && file->is_program && fchmod(file->fd, 0755) < 0)
        error = -errno;
    /* Some file systems report a full disk only now. */
    if (close(file->fd) < 0 && error == 0)
        error = -errno;
    file->fd = -1;
    tree->bytes += error == 0 ? file->bytes : 0;
    return error;
}
