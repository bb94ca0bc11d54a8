#include "text/output_file.h"

#include "base/memory.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_stream(FILE *stream, output_function *output, const void *content)
{
    errno = 0;
    if (output(stream, content) < 0 || fflush(stream) != 0)
        return errno != 0 ? -errno : -EIO;
    return 0;
}

/* Locked while it is written, to tell what a killed program left behind from what another one is
 * still writing. NULL with errno. */
static FILE *open_locked(const char *path, const char *mode)
{
    FILE *stream = fopen(path, mode);
    if (stream != NULL)
        flock(fileno(stream), LOCK_EX | LOCK_NB);
    return stream;
}

/* 0 or -errno, of what was before if that failed. */
static int close_whole(FILE *stream, int error)
{
    if (fflush(stream) != 0 && error == 0)
        error = -errno;
    if (fsync(fileno(stream)) < 0 && errno != EINVAL && error == 0)
        error = -errno;
    if (fclose(stream) != 0 && error == 0)
        error = -errno;
    return error;
}

static int write_named(const char *path, const char *mode, output_function *output,
                       const void *content)
{
    FILE *stream = open_locked(path, mode);
    return stream == NULL ? -errno : close_whole(stream, write_stream(stream, output, content));
}

/* A device or a pipe, such as /dev/stdout, is written to; to rename over it would destroy it. */
static bool is_special(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

/* Beside the file itself: a rename over a link would replace the link. */
static char *temporary_name(const char *path, char **target)
{
    *target = realpath(path, NULL);
    if (*target == NULL)
        *target = text_of("%s", path);
    return text_of("%s.%d.tmp", *target, (int)getpid());
}

/* A file that replaces another keeps its mode if possible. */
static void keep_mode(const char *target, const char *temporary)
{
    struct stat status;
    if (stat(target, &status) == 0)
        chmod(temporary, status.st_mode & 07777);
}

int output_file_check(const char *path)
{
    if (strcmp(path, "-") == 0)
        return 0;
    if (is_special(path))
        return access(path, W_OK) < 0 ? -errno : 0;
    char *target = NULL;
    char *temporary = temporary_name(path, &target);
    FILE *stream = fopen(temporary, "wxe");
    int error = stream == NULL ? -errno : 0;
    if (stream != NULL) {
        fclose(stream);
        unlink(temporary);
    }
    free(temporary);
    free(target);
    return error;
}

int output_file_begin(struct output_file *file, const char *path)
{
    *file = (struct output_file){0};
    file->temporary = temporary_name(path, &file->target);
    file->stream = open_locked(file->temporary, "wxe");
    int error = file->stream == NULL ? -errno : 0;
    if (error == 0)
        return 0;
    free(file->temporary); /* one that was there before is not ours to remove */
    free(file->target);
    *file = (struct output_file){0};
    return error;
}

int output_file_end(struct output_file *file, int error)
{
    if (file->stream == NULL)
        return error;
    error = close_whole(file->stream, error);
    keep_mode(file->target, file->temporary);
    if (error == 0 && rename(file->temporary, file->target) < 0)
        error = -errno;
    if (error < 0)
        unlink(file->temporary);
    free(file->temporary);
    free(file->target);
    *file = (struct output_file){0};
    return error;
}

int output_file_write(const char *path, output_function *output, const void *content)
{
    if (strcmp(path, "-") == 0)
        return write_stream(stdout, output, content);
    if (is_special(path))
        return write_named(path, "we", output, content);
    struct output_file file;
    int error = output_file_begin(&file, path);
    return error < 0 ? error : output_file_end(&file, write_stream(file.stream, output, content));
}

static int write_bytes(FILE *stream, const void *content)
{
    const struct bytes *bytes = content;
    return fwrite(bytes_front(bytes), 1, bytes->length, stream) == bytes->length ? 0 : -1;
}

int output_file_write_bytes(const char *path, const struct bytes *content)
{
    return output_file_write(path, write_bytes, content);
}

/* The target's part of "TARGET.PID.tmp", to be freed; NULL if it is not one of our temporary
 * names. */
static char *target_of(const char *name)
{
    size_t length = strlen(name);
    size_t suffix = strlen(".tmp");
    if (length <= suffix || strcmp(name + length - suffix, ".tmp") != 0)
        return NULL;
    size_t digits = 0;
    while (digits < length - suffix && isdigit((unsigned char)name[length - suffix - 1 - digits]))
        digits++;
    size_t rest = length - suffix - digits;
    return digits > 0 && rest > 1 && name[rest - 1] == '.' ? text_of("%.*s", (int)rest - 1, name)
                                                           : NULL;
}

static void remove_if_unlocked(int folder_fd, const char *name)
{
    int fd = openat(folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(folder_fd, name, 0);
    if (fd >= 0)
        close(fd);
}

void output_file_sweep(const char *folder, output_file_is_ours_function *is_ours,
                       const void *context)
{
    DIR *entries = opendir(folder);
    for (struct dirent *entry = NULL; entries != NULL && (entry = readdir(entries)) != NULL;) {
        char *target = target_of(entry->d_name);
        if (target != NULL && is_ours(target, context))
            remove_if_unlocked(dirfd(entries), entry->d_name);
        free(target);
    }
    if (entries != NULL)
        closedir(entries);
}
