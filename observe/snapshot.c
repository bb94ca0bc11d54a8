#include "observe/snapshot.h"

#include "observe/descriptor.h"

int snapshot_take(struct snapshot *snapshot, int netlink_fd, pid_t root)
{
    int error = tcp_table_read(&snapshot->tcp, netlink_fd);
    if (error < 0)
        return error;
    task_list_read(&snapshot->tasks, root);
    error = tcp_table_read(&snapshot->tcp_again, netlink_fd);
    snapshot->is_consistent = tcp_tables_equal(&snapshot->tcp, &snapshot->tcp_again);
    return error;
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
        pid_t pid = snapshot->tasks.tasks[i].pid;
        if (pid != previous && process_descriptor_of_socket(pid, inode) >= 0)
            return pid;
        previous = pid;
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

uint64_t snapshot_cpu_ns(const struct snapshot *snapshot)
{
    uint64_t cpu_ns = 0;
    for (size_t i = 0; i < snapshot->tasks.count; i++)
        cpu_ns += snapshot->tasks.tasks[i].cpu_ns;
    return cpu_ns;
}
