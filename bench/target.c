#include "bench/target.h"

#include "base/clock.h"
#include "observe/tcp.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define START_NS (10 * NS_PER_S)
#define STOP_NS  (5 * NS_PER_S)
#define LOOK_NS  (2 * NS_PER_MS) /* between two looks at the kernel's table */

/* "listening on 127.0.0.1:9500 (epoll, echo)" */
static int parse_ready_line(char *line, struct address *address)
{
    static const char beginning[] = "listening on ";
    if (strncmp(line, beginning, strlen(beginning)) != 0)
        return -EPROTO;
    char *where = line + strlen(beginning);
    where[strcspn(where, " ")] = '\0';
    return address_parse(where, address) < 0 ? -EPROTO : 0;
}

int target_start(struct target *target, const char *name, char *const *command)
{
    *target = (struct target){.name = name};
    int error = process_start(&target->process, command);
    if (error < 0)
        return error;
    char line[256];
    error = process_read_line(&target->process, line, sizeof line, clock_now_ns() + START_NS);
    if (error == 0)
        error = parse_ready_line(line, &target->address);
    if (error < 0)
        target_stop(target);
    return error;
}

/* -EPIPE if the command ends first. */
static int wait_for_listener(const struct target *target, int netlink_fd, int64_t deadline_ns)
{
    struct tcp_table table = {0};
    int error = -ETIMEDOUT;
    while (error == -ETIMEDOUT && clock_now_ns() < deadline_ns) {
        int result = tcp_table_read(&table, netlink_fd);
        if (result < 0)
            error = result;
        else if (tcp_table_find_listener(&table, address_port(&target->address)) != NULL)
            error = 0;
        else if (process_wait_until(&target->process, clock_now_ns() + LOOK_NS))
            error = -EPIPE;
    }
    tcp_table_release(&table);
    return error;
}

int target_start_on(struct target *target, const char *name, char *const *command, uint16_t port)
{
    *target = (struct target){.name = name};
    address_parse_host("127.0.0.1", port, &target->address);
    int error = process_start(&target->process, command);
    if (error < 0)
        return error;
    int netlink_fd = tcp_table_open();
    error = netlink_fd < 0 ? netlink_fd
                           : wait_for_listener(target, netlink_fd, clock_now_ns() + START_NS);
    if (netlink_fd >= 0)
        close(netlink_fd);
    if (error < 0)
        target_stop(target);
    return error;
}

void target_adopt(struct target *target, const char *name, const struct address *address)
{
    *target = (struct target){.name = name, .address = *address};
}

bool target_is_ours(const struct target *target)
{
    return target->process.pid > 0;
}

bool target_has_ended(const struct target *target)
{
    return target_is_ours(target) && process_wait_until(&target->process, 0);
}

void target_stop(struct target *target)
{
    if (target_is_ours(target))
        process_end(&target->process, STOP_NS);
}
