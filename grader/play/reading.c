/* Theory of operation: in one table the two ends of a connection are read one after the other, and
 * bytes may arrive in between. So one table shows that all had arrived, and what a later one shows
 * of the server's queue came after: that holds for a submission that never rests, too.
 */
#include "grader/play/reading.h"

/* Nothing is left unread, if all had arrived before. */
static bool is_taken_in(const struct tcp_table *table, const struct player *player)
{
    const struct tcp_row *ours = tcp_table_find(table, &player->local, &player->server);
    const struct tcp_row *theirs = tcp_table_find(table, &player->server, &player->local);
    if (ours == NULL || ours->send_queue > 0 || (theirs != NULL && theirs->receive_queue > 0))
        return false;
    return ours->state == STATE_CLOSE_WAIT || (theirs != NULL && theirs->inode != 0);
}

bool encounter_has_read(struct encounter *encounter, struct player *player)
{
    struct snapshot *now = &encounter->settle.current;
    if (player->sent_bytes == 0 || player->read_bytes == player->sent_bytes)
        return player->sent_bytes > 0;
    if (player->fd < 0 || player->outgoing.length > 0 || !is_taken_in(&now->tcp, player))
        return false;
    if (!now->is_consistent && snapshot_complete(now, &encounter->arena.subject) < 0)
        return false;
    if (is_taken_in(&now->tcp_again, player))
        player->read_bytes = player->sent_bytes;
    return player->read_bytes == player->sent_bytes;
}
