#include "bench/target.h"

#include "base/clock.h"
#include "observe/task.h"

#include <errno.h>
#include <string.h>

#define START_NS (10 * NS_PER_S)
#define STOP_NS  (5 * NS_PER_S)

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
    *target = (struct target){.name = name, .command = command};
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

int64_t target_cpu_ns(const struct target *target)
{
    return (int64_t)process_tree_cpu_ns(target->process.pid);
}

bool target_has_ended(const struct target *target)
{
    return process_wait_until(&target->process, 0);
}

void target_stop(struct target *target)
{
    process_end(&target->process, STOP_NS);
}
