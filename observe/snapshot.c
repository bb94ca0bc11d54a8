#include "observe/snapshot.h"

#include "observe/descriptor.h"

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
static void leave_out_others(const struct snapshot *snapshot, uint16_t known,
                             struct tcp_table *table)
{
    struct tcp_table kept = *table;
    kept.count = 0;
    for (size_t i = 0; i < table->count; i++) {
        const struct tcp_row *row = &table->rows[i];
        if (row->state == STATE_LISTEN && snapshot_find_owner(snapshot, row->inode) > 0) {
            struct tcp_row listener = *row;
            table->rows[i] = table->rows[kept.count];
            table->rows[kept.count++] = listener;
        }
    }
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
    snapshot->is_consistent = false;
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

pid_t snapshot_find_owner(const struct snapshot *snapshot, unsigned inode)
{
    pid_t previous = 0;
    for (size_t i = 0; i < snapshot->tasks.count; i++) {
        const struct task *task = &snapshot->tasks.tasks[i];
        if (task->state == 'Z' || task->pid == previous)
            continue; /* a first task that has ended holds nothing, though its threads go on */
        if (process_descriptor_of_socket(task->tid, inode) >= 0)
            return task->tid;
        previous = task->pid;
    }
    return 0;
}

const struct tcp_row *snapshot_find_listener(const struct snapshot *snapshot, uint16_t port)
{
    for (size_t i = 0; i < snapshot->tcp.count; i++) {
        const struct tcp_row *row = &snapshot->tcp.rows[i];
        if (row->state == STATE_LISTEN && (port == 0 || address_port(&row->local) == port) &&
            snapshot_find_owner(snapshot, row->inode) > 0)
            return row;
    }
    return NULL;
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
