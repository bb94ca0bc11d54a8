/* Theory of operation: the submission's folder may have been changed by its build, or hold what was
 * handed in under the same name. So every step down is taken from a descriptor of the folder above,
 * and what is no folder on the way is removed. Nothing of the submission runs meanwhile.
 */
#include "grader/grading/material.h"

#include "base/bytes.h"
#include "base/descriptor_passing.h"
#include "base/memory.h"
#include "base/random.h"
#include "grader/intake/folder_copy.h"
#include "grader/intake/tree_empty.h"
#include "grader/protocols/value.h"
#include "text/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/*** Below a folder ***/

/* Removes what is there under that name, whatever it is. 0 or -errno. */
static int remove_at(int folder, const char *name)
{
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
        return 0;
    int inner = openat(folder, name, FOLDER_FLAGS);
    int error = inner < 0 ? -errno : tree_empty(inner);
    descriptor_close(&inner);
    return error == 0 && unlinkat(folder, name, AT_REMOVEDIR) < 0 ? -errno : error;
}

/* The folder of that name, which is made if it is not there. Descriptor or -errno. */
static int enter(int folder, const char *name)
{
    int inner = openat(folder, name, FOLDER_FLAGS);
    if (inner < 0 && (errno == ENOTDIR || errno == ELOOP)) {
        int error = remove_at(folder, name);
        if (error < 0)
            return error;
    }
    if (inner < 0 && (mkdirat(folder, name, 0755) < 0 || fchmodat(folder, name, 0755, 0) < 0))
        return -errno;
    if (inner < 0)
        inner = openat(folder, name, FOLDER_FLAGS);
    return inner < 0 ? -errno : inner;
}

/* The folder in which the path's last name stands. Descriptor or -errno. */
static int open_above(const char *root, const char *path)
{
    int folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char *names = text_of("%s", path);
    char *last = strrchr(names, '/');
    char *rest = NULL;
    if (last != NULL)
        *last = '\0';
    for (char *name = last != NULL ? strtok_r(names, "/", &rest) : NULL;
         name != NULL && folder >= 0; name = strtok_r(NULL, "/", &rest)) {
        int inner = enter(folder, name);
        close(folder);
        folder = inner;
    }
    free(names);
    return folder;
}

/* A new file there, in place of whatever has its name. Descriptor or -errno. */
static int make_file(const char *root, const char *path, mode_t mode)
{
    int folder = open_above(root, path);
    if (folder < 0)
        return folder;
    int error = remove_at(folder, basename(path));
    int fd = error < 0 ? error
                       : openat(folder, basename(path),
                                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0 && error == 0)
        fd = -errno;
    if (fd >= 0 && fchmod(fd, mode) < 0)
        error = -errno;
    close(folder);
    return error < 0 ? error : fd;
}

/*** Making it ***/

static int write_whole(int fd, const char *data, size_t count)
{
    while (count > 0) {
        ssize_t written = write(fd, data, count);
        if (written < 0 && errno != EINTR)
            return -errno;
        data += written > 0 ? written : 0;
        count -= written > 0 ? (size_t)written : 0;
    }
    return 0;
}

static void append_random(struct bytes *out, size_t count, const char *seed, const char *name)
{
    char digits[DIGEST_TEXT_BYTES];
    struct digest *digest = digest_new();
    digest_add_text(digest, seed);
    digest_add_text(digest, name);
    digest_finish(digest, digits);
    digits[16] = '\0'; /* as many as a number of 64 bits has */
    uint64_t state = strtoull(digits, NULL, 16);
    while (count > 0) {
        uint64_t number = random_next(&state);
        size_t part = count < sizeof number ? count : sizeof number;
        bytes_append(out, &number, part);
        count -= part;
    }
}

/* What is in it; to be released. */
static struct bytes contents_of(const struct assigned_file *file,
                                const struct material_origin *origin)
{
    struct bytes contents = {0};
    const struct filling filling = values_filling(origin->values);
    if (file->text != NULL)
        return text_fill_in(file->text, TEXT_IS_BYTES, &filling);
    if (file->random != NULL) {
        append_random(&contents, (size_t)*file->random, origin->seed, file->name);
        return contents;
    }
    struct bytes once = text_fill_in(file->repeat, TEXT_IS_BYTES, &filling);
    while (once.length > 0 && contents.length < (size_t)*file->bytes) {
        size_t room = (size_t)*file->bytes - contents.length;
        bytes_append(&contents, bytes_front(&once), room < once.length ? room : once.length);
    }
    bytes_release(&once);
    return contents;
}

static int make_one(const char *folder, const struct assigned_file *file,
                    const struct material_origin *origin)
{
    int fd = make_file(folder, file->name, 0644);
    if (fd < 0)
        return fd;
    struct bytes contents = contents_of(file, origin);
    int error = write_whole(fd, bytes_front(&contents), contents.length);
    bytes_release(&contents);
    return close(fd) < 0 && error == 0 ? -errno : error;
}

static int bring(const char *from, const char *folder)
{
    struct left_out left_out = {0};
    char *trouble = NULL;
    int error = folder_copy(from, folder, &archive_limits_default, &left_out, &trouble);
    left_out_release(&left_out);
    free(trouble);
    return error > 0 ? -E2BIG : error;
}

int material_make(const struct material *material, const struct material_origin *origin,
                  char **folder)
{
    *folder = NULL;
    if (material->bring == NULL && material->files_count == 0)
        return 0;
    char *pattern = text_of("%s/material-XXXXXX", origin->scratch);
    if (mkdtemp(pattern) == NULL) {
        free(pattern);
        return -errno;
    }
    *folder = pattern;
    char *from = material->bring != NULL ? text_of("%s/%s", origin->beside, material->bring) : NULL;
    int error = from != NULL ? bring(from, pattern) : 0;
    free(from);
    for (unsigned i = 0; i < material->files_count && error == 0; i++)
        error = make_one(pattern, &material->files[i], origin);
    return error;
}

/*** Placing it ***/

static int copy_one(const char *from, const char *folder, const char *path)
{
    struct stat status;
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0 || fstat(source, &status) < 0)
        return -errno;
    int fd = make_file(folder, path, (status.st_mode & S_IXUSR) != 0 ? 0755 : 0644);
    int error = fd < 0 ? fd : 0;
    for (off_t left = status.st_size; left > 0 && error == 0;) {
        ssize_t sent = sendfile(fd, source, NULL, (size_t)left);
        if (sent <= 0)
            error = sent < 0 ? -errno : -EIO;
        left -= sent;
    }
    close(source);
    if (fd >= 0 && close(fd) < 0 && error == 0)
        error = -errno;
    return error;
}

int material_place(const char *material, const char *folder)
{
    char *root = text_of("%s", material);
    char *const roots[] = {root, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    int error = walk == NULL ? -errno : 0;
    FTSENT *found = NULL;
    while (error == 0 && (found = fts_read(walk)) != NULL) {
        const char *path = found->fts_path + strlen(root);
        if (found->fts_info == FTS_F)
            error = copy_one(found->fts_path, folder, path + 1);
        else if (found->fts_info == FTS_ERR || found->fts_info == FTS_DNR)
            error = -found->fts_errno;
    }
    if (walk != NULL)
        fts_close(walk);
    free(root);
    return error;
}

static int renew_one(const char *folder, const char *path)
{
    int above = open_above(folder, path);
    if (above < 0)
        return above;
    int error = remove_at(above, basename(path));
    int fd = error == 0 ? enter(above, basename(path)) : error;
    close(above);
    if (fd < 0)
        return fd;
    close(fd);
    return 0;
}

int material_renew(const char *material, const char *folder, char *const *writable, unsigned count)
{
    int error = 0;
    for (unsigned i = 0; i < count && error == 0; i++)
        error = renew_one(folder, writable[i]);
    return error == 0 && material != NULL ? material_place(material, folder) : error;
}
