#include "observe/proc.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 640

static ssize_t read_whole(int fd, char *text, size_t text_bytes)
{
    size_t length = 0;
    ssize_t count = 0;
    while (length + 1 < text_bytes &&
           (count = read(fd, text + length, text_bytes - 1 - length)) > 0)
        length += (size_t)count;
    text[length] = '\0';
    return count < 0 && length == 0 ? -errno : (ssize_t)length;
}

ssize_t proc_read(char *text, size_t text_bytes, const char *format, ...)
{
    char path[PATH_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);
    text[0] = '\0';
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    ssize_t length = read_whole(fd, text, text_bytes);
    close(fd);
    return length;
}

int proc_write(const char *text, const char *format, ...)
{
    char path[PATH_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    ssize_t length = (ssize_t)strlen(text);
    ssize_t written = write(fd, text, (size_t)length);
    int error = written < 0 ? -errno : written < length ? -EIO : 0;
    close(fd);
    return error;
}

ssize_t proc_read_link(char *text, size_t text_bytes, const char *format, ...)
{
    char path[PATH_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);
    ssize_t length = readlink(path, text, text_bytes - 1);
    text[length > 0 ? length : 0] = '\0';
    return length < 0 ? -errno : length;
}

uint64_t proc_number_after(const char *text, const char *name)
{
    size_t name_bytes = strlen(name);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, name_bytes) == 0)
            return strtoull(line + name_bytes, NULL, 10);
    }
    return 0;
}

int proc_each_number_of(int folder_fd, proc_visit_function *visit, void *context)
{
    char entries[4096] __attribute__((aligned(8)));
    ssize_t length = lseek(folder_fd, 0, SEEK_SET);
    int result = 0;
    while (length >= 0 && result == 0 &&
           (length = getdents64(folder_fd, entries, sizeof entries)) > 0) {
        const struct dirent64 *entry = NULL;
        for (ssize_t at = 0; at < length && result == 0; at += entry->d_reclen) {
            entry = (const struct dirent64 *)(entries + at);
            if (isdigit((unsigned char)entry->d_name[0]))
                result = visit(strtol(entry->d_name, NULL, 10), context);
        }
    }
    return length < 0 ? -errno : result;
}

int proc_each_number(const char *folder, proc_visit_function *visit, void *context)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int result = proc_each_number_of(fd, visit, context);
    close(fd);
    return result;
}
