#include "observe/snapshot.h"

#include "base/memory.h"
#include "observe/descriptor.h"

#include <stdlib.h>

/*** Who has which socket ***/

/* A first task that has ended holds nothing, though its threads go on. */
static bool stands_for_process(const struct task *task, pid_t previous)
{
    return task->state != 'Z' && task->pid != previous;
}

/* All that is looked for is looked for at once, as a walk through all descriptors is dear. False if
 * there are too many to visit them all. */
static bool each_socket(const struct task_list *tasks, socket_visit_function *visit, void *context)
{
    size_t left = DESCRIPTORS_SEARCHED_MAX;
    pid_t previous = 0;
    for (size_t i = 0; i < tasks->count; i++) {
        const struct task *task = &tasks->tasks[i];
        if (!stands_for_process(task, previous))
            continue;
        if (process_each_socket(task->tid, &left, visit, context))
            return true;
        if (left == 0)
            return false;
        previous = task->pid;
    }
    return true;
}

struct owner {
    unsigned inode;
    pid_t task;
};

static bool is_of_owner(int task, unsigned inode, void *context)
{
    struct owner *owner = context;
    if (inode == owner->inode)
        owner->task = task;
    return owner->task > 0;
}

pid_t snapshot_find_owner(const struct snapshot *snapshot, unsigned inode)
{
    struct owner owner = {.inode = inode};
    if (inode != 0)
        each_socket(&snapshot->tasks, is_of_owner, &owner);
    return owner.task;
}

static bool is_any(int task, unsigned inode, void *has_any)
{
    (void)task;
    (void)inode;
    return *(bool *)has_any = true;
}

bool snapshot_has_socket(const struct snapshot *snapshot)
{
    bool has_any = false;
    each_socket(&snapshot->tasks, is_any, &has_any);
    return has_any;
}

size_t snapshot_count_descriptors(const struct snapshot *snapshot)
{
    size_t count = 0;
    pid_t previous = 0;
    for (size_t i = 0; i < snapshot->tasks.count; i++) {
        const struct task *task = &snapshot->tasks.tasks[i];
        if (!stands_for_process(task, previous))
            continue;
        count += process_descriptor_count(task->tid, DESCRIPTORS_SEARCHED_MAX - count);
        previous = task->pid;
    }
    return count;
}

/* Which rows of a table the tree listens with. */
struct listening {
    struct sought {
        unsigned inode;
        size_t row;
    } * sought; /* in the order of their inodes */
    size_t sought_count;
    size_t found_count;
    bool *is_found; /* by row */
};

static int by_inode(const void *left, const void *right)
{
    unsigned a = ((const struct sought *)left)->inode;
    unsigned b = ((const struct sought *)right)->inode;
    return (a > b) - (a < b);
}

static bool note_listener(int task, unsigned inode, void *context)
{
    struct listening *listening = context;
    const struct sought key = {.inode = inode};
    const struct sought *sought =
        bsearch(&key, listening->sought, listening->sought_count, sizeof key, by_inode);
    (void)task;
    if (sought != NULL && !listening->is_found[sought->row]) {
        listening->is_found[sought->row] = true;
        listening->found_count++;
    }
    return listening->found_count == listening->sought_count;
}

/* Fills in `is_found`, which the caller frees, for those on `port` (0: on any). False if not all
 * descriptors were looked at. */
static bool find_listeners(const struct task_list *tasks, const struct tcp_table *table,
                           uint16_t port, bool **is_found)
{
    struct listening listening = {
        .sought = allocate(table->count + 1, sizeof *listening.sought),
        .is_found = allocate(table->count + 1, sizeof *listening.is_found),
    };
    for (size_t i = 0; i < table->count; i++) {
        const struct tcp_row *row = &table->rows[i];
        if (row->state == STATE_LISTEN && row->inode != 0 &&
            (port == 0 || address_port(&row->local) == port))
            listening.sought[listening.sought_count++] = (struct sought){row->inode, i};
    }
    qsort(listening.sought, listening.sought_count, sizeof *listening.sought, by_inode);
    bool is_whole = listening.sought_count == 0 || each_socket(tasks, note_listener, &listening);
    free(listening.sought);
    *is_found = listening.is_found;
    return is_whole;
}

const struct tcp_row *snapshot_find_listener(const struct snapshot *snapshot, uint16_t port,
                                             bool *is_cut_short)
{
    bool *is_found = NULL;
    bool is_whole = find_listeners(&snapshot->tasks, &snapshot->tcp, port, &is_found);
    const struct tcp_row *first = NULL;
    for (size_t i = 0; i < snapshot->tcp.count && first == NULL; i++)
        if (is_found[i])
            first = &snapshot->tcp.rows[i];
    free(is_found);
    if (is_cut_short != NULL)
        *is_cut_short = first == NULL && !is_whole;
    return first;
}

/*** Taking one ***/

static bool is_port_of(const struct tcp_table *listeners, uint16_t known, uint16_t port)
{
    if (port == known)
        return true;
    for (size_t i = 0; i < listeners->count; i++)
        if (address_port(&listeners->rows[i].local) == port)
            return true;
    return false;
}

/* Leaves the listeners that the tree has, and connections to their ports and to the known one. */
static void leave_out_others(struct snapshot *snapshot, uint16_t known, struct tcp_table *table)
{
    bool *is_found = NULL;
    struct tcp_table kept = *table;
    kept.count = 0;
    if (!find_listeners(&snapshot->tasks, table, 0, &is_found))
        snapshot->has_too_many_descriptors = true;
    for (size_t i = 0; i < table->count; i++)
        if (is_found[i]) {
            struct tcp_row listener = table->rows[i];
            table->rows[i] = table->rows[kept.count];
            table->rows[kept.count++] = listener;
        }
    free(is_found);
    const struct tcp_table listeners = kept;
    for (size_t i = kept.count; i < table->count; i++) {
        const struct tcp_row *row = &table->rows[i];
        if (row->state != STATE_LISTEN &&
            (is_port_of(&listeners, known, address_port(&row->local)) ||
             is_port_of(&listeners, known, address_port(&row->remote))))
            table->rows[kept.count++] = *row;
    }
    table->count = kept.count;
}

int snapshot_begin(struct snapshot *snapshot, const struct subject *subject)
{
    snapshot->is_consistent = snapshot->has_too_many_descriptors = false;
    int error = tcp_table_read(&snapshot->tcp, subject->netlink_fd);
    if (error < 0)
        return error;
    snapshot->tasks.running_max = subject->running_max;
    task_list_read_again(&snapshot->tasks, subject->root, subject->files);
    if (subject->shares_network)
        leave_out_others(snapshot, subject->port, &snapshot->tcp);
    return 0;
}

int snapshot_complete(struct snapshot *snapshot, const struct subject *subject)
{
    int error = tcp_table_read(&snapshot->tcp_again, subject->netlink_fd);
    if (subject->shares_network)
        leave_out_others(snapshot, subject->port, &snapshot->tcp_again);
    snapshot->is_consistent = tcp_tables_equal(&snapshot->tcp, &snapshot->tcp_again);
    return error;
}

int snapshot_take(struct snapshot *snapshot, const struct subject *subject)
{
    int error = snapshot_begin(snapshot, subject);
    return error < 0 ? error : snapshot_complete(snapshot, subject);
}

void snapshot_release(struct snapshot *snapshot)
{
    tcp_table_release(&snapshot->tcp);
    tcp_table_release(&snapshot->tcp_again);
    task_list_release(&snapshot->tasks);
}

struct processor_time snapshot_processor_time(const struct snapshot *snapshot)
{
    struct processor_time time = {0};
    for (size_t i = 0; i < snapshot->tasks.count; i++) {
        time.all_ns += snapshot->tasks.tasks[i].cpu_ns;
        time.kernel_ns += snapshot->tasks.tasks[i].kernel_ns;
    }
    return time;
}
