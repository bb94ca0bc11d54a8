/* Theory of operation: the kernel counts connections that are opened. As long as their number
 * stays, all that were found when its table was read from end to end are all there are, and each is
 * looked up by its addresses; sockets that listen have a table of their own, which is short. Of a
 * connection within this machine the client's end is looked up only where it may have changed: it
 * is not ESTABLISHED, or an end at the server has just changed its state. What is left of one that
 * is over (TIME_WAIT) only waits for its timer.
 *
 * What these counters do not show comes to light within WHOLE_NS: timers, a handshake from another
 * machine that does not come to its end, an end whose last packet was lost.
 */
#include "watch/target/sockets.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define WHOLE_NS 2000000000

/* To look one up costs about what the whole table costs for two rows, and for 400 as much as to
 * walk through the table (measured with 2 to 8,000 rows, and 262,144 buckets). */
#define FEW 400

bool sockets_are_quiet(struct sockets *sockets, const struct sockets_way *way, int64_t now_ns)
{
    struct tcp_activity now;
    return sockets->has_activity && now_ns - sockets->whole_ns < WHOLE_NS &&
           tcp_activity_read(&now, way->activity_fd) == 0 && now.opens == sockets->activity.opens &&
           now.segments == sockets->activity.segments;
}

/*** Which ***/

void sockets_note_port(struct sockets *sockets, uint16_t port)
{
    sockets->ports[port / 64] |= UINT64_C(1) << (port % 64);
}

static bool is_port(const struct sockets *sockets, const struct address *address)
{
    uint16_t port = address_port(address);
    return (sockets->ports[port / 64] >> (port % 64) & 1) != 0;
}

static bool may_move(const struct tcp_row *row)
{
    return row->state != STATE_LISTEN && row->state != STATE_TIME_WAIT && row->state != 0;
}

enum side { AT_SERVER, AT_CLIENT, AT_CLIENT_AND_MOVING };

static bool is_at(const struct sockets *sockets, const struct tcp_row *row, enum side side)
{
    if (!may_move(row))
        return false;
    if (is_port(sockets, &row->local))
        return side == AT_SERVER;
    return side != AT_SERVER && is_port(sockets, &row->remote) &&
           (side == AT_CLIENT || row->state != STATE_ESTABLISHED);
}

/* The places of these rows in the table; how many. */
static size_t find_places(struct sockets *sockets, enum side side)
{
    const struct tcp_table *now = sockets->now;
    size_t count = 0;
    if (now->count > sockets->place_capacity) {
        sockets->place_capacity = 2 * now->count;
        sockets->places =
            reallocate(sockets->places, sockets->place_capacity, sizeof *sockets->places);
    }
    for (size_t i = 0; i < now->count; i++)
        if (is_at(sockets, &now->rows[i], side))
            sockets->places[count++] = i;
    return count;
}

/*** Reading ***/

static int read_whole(struct sockets *sockets, const struct sockets_way *way, int64_t now_ns)
{
    int error = tcp_table_read_counts(sockets->now, way->netlink_fd);
    sockets->whole_opens = sockets->activity.opens;
    sockets->whole_ns = now_ns;
    sockets->wholes++;
    return error;
}

/* `table` has those that listen in the kernel's order, among others. */
static bool listen_alike(const struct tcp_table *table, const struct tcp_table *listeners,
                         bool with_queues)
{
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++) {
        const struct tcp_row *row = &table->rows[i];
        if (row->state != STATE_LISTEN)
            continue;
        if (count == listeners->count || listeners->rows[count].inode != row->inode ||
            (with_queues && !tcp_rows_equal(&listeners->rows[count], row)))
            return false;
        count++;
    }
    return count == listeners->count;
}

/* The states of all, mixed into one number: a change of any changes it. */
static uint64_t mix_states(const struct sockets *sockets, size_t count)
{
    uint64_t mixed = 0;
    for (size_t i = 0; i < count; i++)
        mixed = mixed * 31 + sockets->now->rows[sockets->places[i]].state;
    return mixed;
}

/* False: it is better to read all. */
static bool read_known(struct sockets *sockets, int netlink_fd)
{
    size_t count = find_places(sockets, AT_SERVER);
    if (count > sockets->now->count / 2 + FEW)
        return false;
    uint64_t before = mix_states(sockets, count);
    if (tcp_rows_read_again(sockets->now, sockets->places, count, netlink_fd) < 0)
        return false;
    bool has_changed = mix_states(sockets, count) != before;
    count = find_places(sockets, has_changed ? AT_CLIENT : AT_CLIENT_AND_MOVING);
    return tcp_rows_read_again(sockets->now, sockets->places, count, netlink_fd) == 0;
}

/* Those that listen come first, as the kernel has them; what is gone is left out. */
static void put_together(struct sockets *sockets)
{
    struct tcp_table *table = &sockets->spare;
    size_t most = table->count + sockets->now->count;
    if (most > table->capacity) {
        table->capacity = 2 * most;
        table->rows = reallocate(table->rows, table->capacity, sizeof *table->rows);
    }
    for (size_t i = 0; i < sockets->now->count; i++)
        if (sockets->now->rows[i].state != STATE_LISTEN && sockets->now->rows[i].state != 0)
            table->rows[table->count++] = sockets->now->rows[i];
    struct tcp_table before = *sockets->now;
    *sockets->now = *table;
    *table = before;
}

int sockets_read(struct sockets *sockets, const struct sockets_way *way, int64_t now_ns)
{
    bool had_activity = sockets->has_activity;
    sockets->has_activity =
        way->activity_fd >= 0 && tcp_activity_read(&sockets->activity, way->activity_fd) == 0;
    if (!had_activity || !sockets->has_activity ||
        sockets->activity.opens != sockets->whole_opens || now_ns - sockets->whole_ns >= WHOLE_NS)
        return read_whole(sockets, way, now_ns);
    int error = tcp_table_read_listeners(&sockets->spare, way->netlink_fd);
    if (error < 0)
        return error;
    if (!listen_alike(sockets->now, &sockets->spare, false) ||
        !read_known(sockets, way->netlink_fd))
        return read_whole(sockets, way, now_ns);
    put_together(sockets);
    return 0;
}

bool sockets_stay(struct sockets *sockets, const struct sockets_way *way)
{
    struct tcp_activity now;
    if (sockets->has_activity &&
        (tcp_activity_read(&now, way->activity_fd) < 0 || now.opens != sockets->activity.opens))
        return false;
    if (tcp_table_read_listeners(&sockets->spare, way->netlink_fd) < 0 ||
        !listen_alike(sockets->now, &sockets->spare, true))
        return false;
    size_t count = find_places(sockets, AT_SERVER);
    return tcp_rows_are_same(sockets->now, sockets->places, count, way->netlink_fd) == 1;
}

void sockets_release(struct sockets *sockets)
{
    tcp_table_release(&sockets->spare);
    free(sockets->places);
    *sockets = (struct sockets){0};
}
