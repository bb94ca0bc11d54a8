/* Theory of operation: at each look the resident pages are added up, which is cheap, and counts
 * shared ones for each process; only where that would be too much, pages are divided among those
 * that share them. What else there is lies in files of the network and of the machine, which are
 * read five times a second.
 *
 * Of anonymous shared memory that was touched and then unmapped, or given back with madvise(2),
 * nothing of the submission's shows how much it is: the kernel lets only root of the host look
 * through /proc/PID/map_files. So where the shared memory of the whole machine has grown, as much
 * of it is the submission's as it can have made: no more than its pieces hold at most, nor than it
 * has touched pages.
 */
#include "grader/arena/usage_watch.h"

#include "base/clock.h"
#include "base/descriptor_passing.h"
#include "base/memory.h"
#include "grader/arena/limit_group.h"
#include "grader/arena/system_call_filter.h"
#include "observe/proc.h"
#include "observe/task.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INTERVAL_NS (200 * NS_PER_MS)

/* No server needs netlink but to ask for addresses. */
#define NETLINK_BYTES ((int64_t)64 << 20)

/* So many, each with its queue of 208 kB, are as much memory as a submission may have. */
#define SOCKETS 5000

/*** Of one process ***/

static int64_t page_bytes(void)
{
    return sysconf(_SC_PAGESIZE);
}

/* Shared pages are counted for each process. */
static int64_t resident_bytes(pid_t pid)
{
    char text[128];
    long resident = 0;
    if (proc_read(text, sizeof text, "/proc/%d/statm", pid) > 0)
        sscanf(text, "%*d %ld", &resident);
    return resident * page_bytes();
}

static int64_t rollup_bytes(pid_t pid, const char *key)
{
    char text[2048];
    if (proc_read(text, sizeof text, "/proc/%d/smaps_rollup", pid) <= 0)
        return 0;
    return (int64_t)proc_number_after(text, key) * 1024;
}

/* Shared pages are divided among their processes, which takes the kernel longer. */
static int64_t proportional_bytes(pid_t pid)
{
    return rollup_bytes(pid, "Pss:");
}

static int64_t proportional_shared_bytes(pid_t pid)
{
    return rollup_bytes(pid, "Pss_Shmem:");
}

struct costs {
    uint64_t faults;       /* its own, and of children that it has waited for */
    uint64_t waited_ticks; /* processor time of those children */
};

/* See proc_pid_stat(5). */
static struct costs costs_of(pid_t pid)
{
    char text[1024];
    uint64_t of[4] = {0};
    uint64_t ticks[2] = {0};
    char *rest = proc_read(text, sizeof text, "/proc/%d/stat", pid) > 0 ? strrchr(text, ')') : NULL;
    if (rest == NULL || sscanf(rest + 1,
                               " %*c %*d %*d %*d %*d %*d %*u %" SCNu64 " %" SCNu64 " %" SCNu64
                               " %" SCNu64 " %*u %*u %" SCNu64 " %" SCNu64,
                               &of[0], &of[1], &of[2], &of[3], &ticks[0], &ticks[1]) != 6)
        return (struct costs){0};
    return (struct costs){of[0] + of[1] + of[2] + of[3], ticks[0] + ticks[1]};
}

static int64_t touched_bytes(pid_t pid)
{
    return (int64_t)costs_of(pid).faults * page_bytes();
}

static int64_t waited_ns(pid_t pid)
{
    return (int64_t)costs_of(pid).waited_ticks * NS_PER_S / sysconf(_SC_CLK_TCK);
}

/*** Of all of them ***/

static int64_t sum(const struct task_list *tasks, int64_t of(pid_t))
{
    int64_t all = 0;
    for (size_t i = 0; i < tasks->count; i++)
        if (tasks->tasks[i].pid == tasks->tasks[i].tid)
            all += of(tasks->tasks[i].pid);
    return all;
}

/* Beginning with `known` of them, the pieces of anonymous shared memory that a process maps, by
 * their inodes; no more than PIECES. */
#define PIECES 4096

static size_t add_pieces(pid_t pid, uint64_t *pieces, size_t known)
{
    char path[64];
    char line[512];
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    FILE *maps = fopen(path, "re");
    while (maps != NULL && known < PIECES && fgets(line, sizeof line, maps) != NULL) {
        uint64_t inode = 0;
        size_t i = 0;
        if (strstr(line, "/dev/zero (deleted)") == NULL ||
            sscanf(line, "%*s %*s %*s %*s %" SCNu64, &inode) != 1)
            continue;
        while (i < known && pieces[i] != inode)
            i++;
        if (i == known)
            pieces[known++] = inode;
    }
    if (maps != NULL)
        fclose(maps);
    return known;
}

static int64_t count_pieces(const struct task_list *tasks)
{
    uint64_t *pieces = allocate(PIECES, sizeof *pieces);
    size_t count = 0;
    for (size_t i = 0; i < tasks->count; i++)
        if (tasks->tasks[i].pid == tasks->tasks[i].tid)
            count = add_pieces(tasks->tasks[i].pid, pieces, count);
    free(pieces);
    return (int64_t)count;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/*** Of its namespaces, and of the machine ***/

static int64_t machine_shared_bytes(void)
{
    char text[4096];
    if (proc_read(text, sizeof text, "/proc/meminfo") <= 0)
        return 0;
    return (int64_t)proc_number_after(text, "Shmem:") * 1024;
}

typedef int64_t read_function(const char *word);

static int64_t read_decimal(const char *word)
{
    return strtoll(word, NULL, 10);
}

/* "SENT:RECEIVED" in hexadecimal, bytes that are under way. */
static int64_t read_queues(const char *word)
{
    uint64_t sent = 0;
    uint64_t received = 0;
    sscanf(word, "%" SCNx64 ":%" SCNx64, &sent, &received);
    return (int64_t)(sent + received);
}

/* What is in this column (from 0) of each line after the first; closes the table. */
static int64_t sum_column(FILE *table, unsigned column, read_function *read)
{
    char line[512];
    int64_t all = 0;
    for (bool is_first = true; table != NULL && fgets(line, sizeof line, table) != NULL;
         is_first = false) {
        char *rest = NULL;
        char *word = strtok_r(line, " \n", &rest);
        for (unsigned i = 0; i < column && word != NULL; i++)
            word = strtok_r(NULL, " \n", &rest);
        if (!is_first && word != NULL)
            all += read(word);
    }
    if (table != NULL)
        fclose(table);
    return all;
}

/* Resident bytes; see sysvipc_shm_proc_show() in the kernel's ipc/shm.c. */
#define SEGMENT_COLUMN 14

static int64_t segments_bytes(int fd)
{
    int copy = fd < 0 ? -1 : dup(fd);
    FILE *table = copy < 0 || lseek(copy, 0, SEEK_SET) < 0 ? NULL : fdopen(copy, "r");
    if (table == NULL)
        descriptor_close(&copy);
    return sum_column(table, SEGMENT_COLUMN, read_decimal);
}

/* Columns of tables in /proc/PID/net. */
#define NETLINK_RECEIVED 4
#define INTERNET_QUEUES  4

static FILE *open_table(pid_t keeper, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/net/%s", keeper, name);
    return fopen(path, "re");
}

static int64_t netlink_bytes(pid_t keeper)
{
    return sum_column(open_table(keeper, "netlink"), NETLINK_RECEIVED, read_decimal);
}

static int64_t internet_bytes(pid_t keeper)
{
    static const char *const names[] = {"tcp", "tcp6", "udp", "udp6"};
    int64_t all = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        all += sum_column(open_table(keeper, names[i]), INTERNET_QUEUES, read_queues);
    return all;
}

/* All in its network, those in flight and those of our clients as well. */
static size_t count_sockets(pid_t keeper)
{
    char text[1024];
    if (proc_read(text, sizeof text, "/proc/%d/net/sockstat", keeper) <= 0)
        return 0;
    return proc_number_after(text, "sockets: used ");
}

/*** Together ***/

void usage_watch_open(struct usage_watch *watch, pid_t keeper, const struct limit_group *group,
                      bool has_namespaces, int segments_fd)
{
    *watch = (struct usage_watch){
        .keeper = keeper,
        .group = group,
        .has_namespaces = has_namespaces,
        .segments_fd = segments_fd,
        .machine_at_first_bytes = machine_shared_bytes(),
    };
}

/* Of what the machine has more than at first, as much as it can have made. */
static int64_t anonymous_bytes(int64_t grown_bytes, const struct task_list *tasks)
{
    if (grown_bytes == 0)
        return 0;
    int64_t most = least(grown_bytes, sum(tasks, touched_bytes));
    return least(most, count_pieces(tasks) * SHARED_ANONYMOUS_MAX_BYTES);
}

/* What no process maps. */
struct unmapped {
    int64_t queued_bytes;
    int64_t segments_bytes;
    int64_t grown_bytes; /* of the machine's shared memory: some may be mapped, and others' */
};

static struct unmapped look_for_unmapped(const struct usage_watch *watch)
{
    int64_t grown = machine_shared_bytes() - watch->machine_at_first_bytes;
    return (struct unmapped){
        .queued_bytes = watch->has_namespaces ? internet_bytes(watch->keeper) : 0,
        .segments_bytes = segments_bytes(watch->segments_fd),
        .grown_bytes = grown > 0 ? grown : 0,
    };
}

/* Pages of shared memory that are mapped are not counted twice. */
static bool is_beyond(const struct task_list *tasks, int64_t most_bytes,
                      const struct unmapped *unmapped)
{
    int64_t known = unmapped->queued_bytes + unmapped->segments_bytes + unmapped->grown_bytes;
    if (sum(tasks, resident_bytes) + known <= most_bytes)
        return false;
    int64_t shared = unmapped->segments_bytes + anonymous_bytes(unmapped->grown_bytes, tasks);
    int64_t mapped = sum(tasks, proportional_shared_bytes);
    return sum(tasks, proportional_bytes) - mapped + (mapped > shared ? mapped : shared) +
               unmapped->queued_bytes >
           most_bytes;
}

static bool has_used_memory(const struct usage_watch *watch, const struct limits *limits,
                            const struct task_list *tasks, bool is_thorough)
{
    if (is_thorough && watch->has_namespaces && netlink_bytes(watch->keeper) > NETLINK_BYTES)
        return true;
    if (watch->group->has_memory)
        return false;
    const struct unmapped unmapped = is_thorough ? look_for_unmapped(watch) : (struct unmapped){0};
    return is_beyond(tasks, limits->memory_bytes, &unmapped);
}

/* The keeper has waited for all whom nobody else has. */
static bool has_used_cpu(const struct usage_watch *watch, const struct limits *limits,
                         const struct task_list *tasks)
{
    uint64_t ns = limit_group_cpu_ns(watch->group);
    if (ns > 0)
        return ns >= (uint64_t)limits->cpu_ns;
    ns = (uint64_t)(sum(tasks, waited_ns) + waited_ns(watch->keeper));
    for (size_t i = 0; i < tasks->count; i++)
        ns += tasks->tasks[i].cpu_ns;
    return ns >= (uint64_t)limits->cpu_ns;
}

static bool has_too_many_sockets(const struct usage_watch *watch)
{
    return watch->has_namespaces && !watch->group->has_memory &&
           count_sockets(watch->keeper) > SOCKETS + 4 * watch->group->clients;
}

enum limit usage_watch_look(struct usage_watch *watch, const struct limits *limits,
                            const struct task_list *tasks)
{
    int64_t now_ns = clock_now_ns();
    bool is_thorough = now_ns - watch->looked_ns >= INTERVAL_NS;
    if (is_thorough)
        watch->looked_ns = now_ns;
    if (has_used_memory(watch, limits, tasks, is_thorough))
        return LIMIT_MEMORY;
    if (is_thorough && has_used_cpu(watch, limits, tasks))
        return LIMIT_CPU;
    return is_thorough && has_too_many_sockets(watch) ? LIMIT_DESCRIPTORS : LIMIT_NONE;
}

void usage_watch_close(struct usage_watch *watch)
{
    if (watch->keeper > 0)
        descriptor_close(&watch->segments_fd);
}
