#include "servers/serving/source.h"

#include "servers/serving/service.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READ_BYTES 65536

/* No file has a name with a NUL in it, or of more than NAME_MAX bytes. */
static int open_object(struct source *source, int folder, const struct bytes *name)
{
    char path[NAME_MAX + 1] = {0};
    if (folder < 0 || name->length == 0 || name->length > NAME_MAX)
        return -ENOENT;
    memcpy(path, bytes_front(name), name->length);
    if (strlen(path) != name->length)
        return -ENOENT;
    struct open_how how = {
        .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK, /* or a FIFO would keep us waiting */
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
    };
    source->fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
    struct stat object;
    if (source->fd < 0 || fstat(source->fd, &object) < 0 || !S_ISREG(object.st_mode)) {
        source_close(source);
        return -ENOENT;
    }
    return 0;
}

static int open_command(struct source *source, const struct launcher *launcher, int client,
                        const struct bytes *words, bool is_blocking)
{
    int pipe_fds[2];
    if (pipe2(pipe_fds, O_CLOEXEC) < 0)
        return -errno;
    int error = launcher_start(launcher, client, pipe_fds[1], words);
    close(pipe_fds[1]);
    if (error < 0) {
        close(pipe_fds[0]);
        return error;
    }
    if (!is_blocking)
        fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK);
    source->fd = pipe_fds[0];
    source->is_pipe = true;
    return 0;
}

int source_open(struct source *source, const struct service *service, int client,
                const struct attachment *attachment, bool is_blocking)
{
    *source = (struct source){.fd = -1, .is_empty = true};
    if (attachment->kind == ATTACH_OBJECT)
        return open_object(source, service->options->objects, &attachment->name);
    return open_command(source, &service->launcher, client, &attachment->name, is_blocking);
}

int source_read(struct source *source, struct bytes *reply)
{
    char data[READ_BYTES];
    ssize_t count = read(source->fd, data, sizeof data);
    if (count < 0)
        return errno == EINTR ? -EAGAIN : -errno;
    bytes_append(reply, data, (size_t)count);
    source->is_empty &= count == 0;
    return (int)count;
}

void source_close(struct source *source)
{
    if (source->fd >= 0)
        close(source->fd);
    source->fd = -1;
    source->is_pipe = false;
}
