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

/* Which of these sockets does the tree have? */
struct search {
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

static bool note_socket(int task, unsigned inode, void *context)
{
    struct search *search = context;
    const struct sought key = {.inode = inode};
    const struct sought *sought =
        bsearch(&key, search->sought, search->sought_count, sizeof key, by_inode);
    (void)task;
    if (sought != NULL && !search->is_found[sought->row]) {
        search->is_found[sought->row] = true;
        search->found_count++;
    }
    return search->found_count == search->sought_count;
}

static struct search search_new(size_t rows)
{
    return (struct search){.sought = allocate(rows + 1, sizeof(struct sought)),
                           .is_found = allocate(rows + 1, sizeof(bool))};
}

static void search_add(struct search *search, unsigned inode, size_t row)
{
    if (inode != 0)
        search->sought[search->sought_count++] = (struct sought){inode, row};
}

/* Hands `is_found` to the caller, who frees it. False if not all descriptors were looked at. */
static bool search_finish(struct search *search, const struct task_list *tasks, bool **is_found)
{
    qsort(search->sought, search->sought_count, sizeof *search->sought, by_inode);
    bool is_whole = search->sought_count == 0 || each_socket(tasks, note_socket, search);
    free(search->sought);
    *is_found = search->is_found;
    return is_whole;
}

/* Those that listen on `port` (0: on any). */
static bool find_listeners(const struct task_list *tasks, const struct tcp_table *table,
                           uint16_t port, bool **is_found)
{
    struct search search = search_new(table->count);
    for (size_t i = 0; i < table->count; i++) {
        const struct tcp_row *row = &table->rows[i];
        if (row->state == STATE_LISTEN && (port == 0 || address_port(&row->local) == port))
            search_add(&search, row->inode, i);
    }
    return search_finish(&search, tasks, is_found);
}

static size_t first_of(const bool *is_found, size_t count)
{
    size_t first = 0;
    while (first < count && !is_found[first])
        first++;
    return first;
}

const struct tcp_row *snapshot_find_listener(const struct snapshot *snapshot, uint16_t port,
                                             bool *is_cut_short)
{
    bool *is_found = NULL;
    bool is_whole = find_listeners(&snapshot->tasks, &snapshot->tcp, port, &is_found);
    size_t first = first_of(is_found, snapshot->tcp.count);
    free(is_found);
    if (is_cut_short != NULL)
        *is_cut_short = first == snapshot->tcp.count && !is_whole;
    return first < snapshot->tcp.count ? &snapshot->tcp.rows[first] : NULL;
}

const struct udp_row *snapshot_find_udp(const struct snapshot *snapshot, uint16_t port,
                                        bool *is_cut_short)
{
    const struct udp_table *table = &snapshot->udp;
    struct search search = search_new(table->count);
    bool *is_found = NULL;
    for (size_t i = 0; i < table->count; i++)
        if (udp_row_is_bound(&table->rows[i], port))
            search_add(&search, table->rows[i].inode, i);
    bool is_whole = search_finish(&search, &snapshot->tasks, &is_found);
    size_t first = first_of(is_found, table->count);
    free(is_found);
    if (is_cut_short != NULL)
        *is_cut_short = first == table->count && !is_whole;
    return first < table->count ? &table->rows[first] : NULL;
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

/* Others' datagrams are no business of the tree's. */
static void leave_out_others_of_udp(struct snapshot *snapshot, struct udp_table *table)
{
    struct search search = search_new(table->count);
    bool *is_found = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < table->count; i++)
        search_add(&search, table->rows[i].inode, i);
    if (!search_finish(&search, &snapshot->tasks, &is_found))
        snapshot->has_too_many_descriptors = true;
    for (size_t i = 0; i < table->count; i++)
        if (is_found[i])
            table->rows[kept++] = table->rows[i];
    free(is_found);
    table->count = kept;
}

static int read_udp(struct udp_table *table, const struct subject *subject)
{
    table->count = 0;
    return subject->watches_udp ? udp_table_read(table, subject->netlink_fd) : 0;
}

int snapshot_begin(struct snapshot *snapshot, const struct subject *subject)
{
    snapshot->is_consistent = snapshot->has_too_many_descriptors = false;
    snapshot->under_way = subject->watches_udp ? udp_count_under_way() : 0;
    int error = tcp_table_read(&snapshot->tcp, subject->netlink_fd);
    if (error == 0)
        error = read_udp(&snapshot->udp, subject);
    if (error < 0)
        return error;
    snapshot->tasks.running_max = subject->running_max;
    task_list_read_again(&snapshot->tasks, subject->root, subject->files);
    if (subject->shares_network) {
        leave_out_others(snapshot, subject->port, &snapshot->tcp);
        leave_out_others_of_udp(snapshot, &snapshot->udp);
    }
    return 0;
}

int snapshot_complete(struct snapshot *snapshot, const struct subject *subject)
{
    int error = tcp_table_read(&snapshot->tcp_again, subject->netlink_fd);
    if (error == 0)
        error = read_udp(&snapshot->udp_again, subject);
    if (subject->shares_network) {
        leave_out_others(snapshot, subject->port, &snapshot->tcp_again);
        leave_out_others_of_udp(snapshot, &snapshot->udp_again);
    }
    snapshot->is_consistent = tcp_tables_equal(&snapshot->tcp, &snapshot->tcp_again) &&
                              udp_tables_equal(&snapshot->udp, &snapshot->udp_again);
    return error;
}

bool snapshot_has_sockets_of(const struct snapshot *snapshot, const struct snapshot *other)
{
    return tcp_tables_equal(&snapshot->tcp, &other->tcp) &&
           udp_tables_equal(&snapshot->udp, &other->udp);
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
    udp_table_release(&snapshot->udp);
    udp_table_release(&snapshot->udp_again);
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
