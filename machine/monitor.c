#include "machine/monitor.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define REPLY_S 60 /* that QEMU may take for a reply */

int monitor_listen(struct monitor *monitor, const char *path)
{
    *monitor = (struct monitor){.listener = -1};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path));
    monitor->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (monitor->listener < 0 ||
        bind(monitor->listener, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(monitor->listener, 1) < 0)
        return -errno;
    return 0;
}

int monitor_accept(struct monitor *monitor, int pidfd, int64_t deadline_ns)
{
    struct pollfd polled[2] = {{.fd = monitor->listener, .events = POLLIN},
                               {.fd = pidfd, .events = POLLIN}};
    int64_t left_ms = (deadline_ns - clock_now_ns()) / NS_PER_MS;
    int count = poll(polled, 2, left_ms > 0 ? (int)left_ms : 0);
    if (count == 0)
        return -ETIMEDOUT;
    if (polled[0].revents == 0)
        return -EPIPE;
    int fd = accept4(monitor->listener, NULL, NULL, SOCK_CLOEXEC);
    struct timeval patience = {.tv_sec = REPLY_S};
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0)
        return -errno;
    monitor->stream = fdopen(fd, "r+");
    json_t *reply = monitor_execute(monitor, "qmp_capabilities", NULL);
    int error = reply != NULL ? 0 : -EPIPE;
    json_decref(reply);
    return error;
}

/* What was returned, if the line says so; `is_last`: no other line answers the command. */
static json_t *read_returned(const char *line, bool *is_last)
{
    json_t *object = json_loads(line, 0, NULL);
    json_t *returned = json_incref(json_object_get(object, "return"));
    *is_last = object == NULL || returned != NULL || json_object_get(object, "error") != NULL;
    json_decref(object);
    return returned;
}

json_t *monitor_execute(struct monitor *monitor, const char *command, json_t *arguments)
{
    json_t *request = json_pack("{s:s}", "execute", command);
    if (arguments != NULL)
        json_object_set_new(request, "arguments", arguments);
    char *text = json_dumps(request, JSON_COMPACT);
    json_decref(request);
    fseek(monitor->stream, 0, SEEK_CUR); /* between reading and writing, as ISO C wants it */
    fprintf(monitor->stream, "%s\n", text);
    fflush(monitor->stream);
    free(text);
    json_t *returned = NULL;
    bool is_last = false;
    char *line = NULL;
    size_t room = 0;
    while (!is_last && getline(&line, &room, monitor->stream) > 0)
        returned = read_returned(line, &is_last);
    free(line);
    return returned;
}

void monitor_close(struct monitor *monitor)
{
    if (monitor->stream != NULL)
        fclose(monitor->stream);
    if (monitor->listener >= 0)
        close(monitor->listener);
    *monitor = (struct monitor){.listener = -1};
}
