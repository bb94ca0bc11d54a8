/* What a submission may use grows with the clients that it is to serve, and who watches what. */
#include "grader/arena/limits.h"

#include "grader/arena/limit_group.h"
#include "observe/proc.h"
#include "observe/task.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

static const struct limits small = {
    .memory_bytes = 4096, .memory_bytes_per_client = 100, .processes = 2500, .running = 300};

Test(limits, grow_with_the_clients)
{
    struct limits grown = limits_for(&small, 1100);
    cr_expect_eq(grown.memory_bytes, 4096 + 1100 * 100);
    cr_expect_eq(grown.running, 300 + 2 * 1100);
    cr_expect_eq(grown.processes, small.processes);
    grown = limits_for(&small, 0);
    cr_expect_eq(grown.memory_bytes, 4096);
    cr_expect_eq(grown.running, 300);
}

Test(limits, of_memory_do_not_grow_where_a_number_was_given)
{
    struct limits given = small;
    given.memory_bytes_per_client = 0;
    cr_expect_eq(limits_for(&given, 1100).memory_bytes, 4096);
}

Test(limits, of_memory_do_not_grow_beyond_what_the_machine_can_spare)
{
    struct limits greedy = small;
    greedy.memory_bytes_per_client = (int64_t)1 << 45;
    int64_t bytes = limits_for(&greedy, 1000).memory_bytes;
    cr_expect_gt(bytes, 4096);
    cr_expect_leq(bytes, (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) / 2);
    greedy.memory_bytes = (int64_t)1 << 50; /* what was there at first stays */
    cr_expect_eq(limits_for(&greedy, 1000).memory_bytes, greedy.memory_bytes);
}

/* A thread for each client, all of them at work at once. */
Test(limits, of_running_tasks_leave_room_for_a_task_for_each_client)
{
    struct task_list tasks = {.running = 1101};
    cr_expect_eq(limits_watch_processes(&small, &tasks), LIMIT_PROCESSES);
    struct limits grown = limits_for(&small, 1100);
    cr_expect_eq(limits_watch_processes(&grown, &tasks), LIMIT_NONE);
    tasks.running = 300 + 2 * 1100 + 1;
    cr_expect_eq(limits_watch_processes(&grown, &tasks), LIMIT_PROCESSES);
}

static int64_t number_in(const char *folder, const char *file)
{
    char text[64];
    long long number = -1;
    if (proc_read(text, sizeof text, "%s/%s", folder, file) > 0)
        sscanf(text, "%lld", &number);
    return number;
}

/* Of version 2 or 1; where no group can be made there is none to look at. */
Test(limits, of_a_control_group_grow_with_the_clients)
{
    struct limits limits = limits_default;
    struct limit_group group;
    limit_group_open(&group, &limits);
    limit_group_allow(&group, &limits, 40);
    limit_group_allow(&group, &limits, 20);
    cr_expect_eq(group.clients, 40);
    const int64_t bytes = limits.memory_bytes + 40 * limits.memory_bytes_per_client;
    cr_expect_eq(group.limits.memory_bytes, bytes);
    for (size_t i = 0; i < group.count; i++) {
        int64_t memory = number_in(group.folders[i], "memory.max");
        if (memory < 0)
            memory = number_in(group.folders[i], "memory.limit_in_bytes");
        int64_t processes = number_in(group.folders[i], "pids.max");
        cr_expect(memory < 0 || memory == bytes);
        cr_expect(processes < 0 || processes == 512 + 2 * 40);
    }
    cr_expect_eq(limit_group_reached(&group), LIMIT_NONE);
    limit_group_close(&group);
}
