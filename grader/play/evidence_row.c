#include "grader/play/evidence_row.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/play/encounter.h"
#include "text/printable.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Far more than checks repeat; so that many rows are not compared with as many others. */
#define ROWS_COMPARED ((size_t)256)

/* Seeing the same row of the kernel twice proves nothing more. */
static bool stands_there(const json_t *evidence, const json_t *row)
{
    size_t count = json_array_size(evidence);
    size_t first = count > ROWS_COMPARED ? count - ROWS_COMPARED : 0;
    for (size_t i = count; i-- > first;)
        if (json_equal(json_array_get(evidence, i), row))
            return true;
    return false;
}

void evidence_add(json_t *evidence, json_t *row, const char *kind, char *text)
{
    json_object_set_new(row, "kind", json_string(kind));
    json_object_set_new(row, "text", json_string(text));
    if (stands_there(evidence, row))
        json_decref(row);
    else
        json_array_append_new(evidence, row);
    free(text);
}

char *evidence_excerpt(const char *from, size_t length)
{
    struct bytes text = {0};
    printable_append(&text, from, length);
    return bytes_take_text(&text);
}

void evidence_note(json_t *evidence, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    evidence_add(evidence, json_object(), "note",
                 evidence_excerpt(text, length < 0 ? 0 : (size_t)length));
    free(text);
}

/*** UDP ***/

static json_t *describe(const struct udp_row *row)
{
    char local[ADDRESS_TEXT_BYTES];
    char remote[ADDRESS_TEXT_BYTES];
    return json_pack("{s:s, s:s, s:s, s:i, s:i, s:i}", "transport", "udp",                  //
                     "local", address_text(&row->local, local),                             //
                     "remote", row->is_connected ? address_text(&row->remote, remote) : "", //
                     "receive_queue", (int)row->receive_queue,                              //
                     "drops", (int)row->drops, "inode", (int)row->inode);
}

/* What lies in the queue is told by the memory it takes, which is more than its bytes. */
static char *say_row(const struct udp_row *row)
{
    char local[ADDRESS_TEXT_BYTES];
    char remote[ADDRESS_TEXT_BYTES];
    const char *queue =
        row->receive_queue > 0 ? _("datagrams that nobody has read") : _("no unread datagram");
    address_text(&row->local, local);
    if (row->is_connected)
        return text_of(_("the UDP socket %s, connected to %s, inode %u, has %s in its queue (%u "
                         "bytes of memory), and has dropped %u"),
                       local, address_text(&row->remote, remote), row->inode, queue,
                       row->receive_queue, row->drops);
    return text_of(_("the UDP socket %s, inode %u, has %s in its queue (%u bytes of memory), and "
                     "has dropped %u"),
                   local, row->inode, queue, row->receive_queue, row->drops);
}

/* How many: at the port, or at any (0). */
static size_t add_rows(json_t *evidence, const struct encounter *encounter, uint16_t port)
{
    const struct udp_table *table = &encounter->settle.current.udp;
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++) {
        const struct udp_row *row = &table->rows[i];
        if (row->inode == 0 || (port != 0 && address_port(&row->local) != port))
            continue;
        evidence_add(evidence, describe(row), "socket", say_row(row));
        count++;
    }
    return count;
}

void evidence_udp_sockets(json_t *evidence, const struct encounter *encounter)
{
    uint16_t port = address_port(&encounter->server);
    if (port != 0 && add_rows(evidence, encounter, port) == 0)
        evidence_note(evidence, _("no UDP socket of the submission is bound to port %u"),
                      (unsigned)port);
}

void evidence_udp_all(json_t *evidence, const struct encounter *encounter)
{
    add_rows(evidence, encounter, 0);
}

void evidence_udp_client(json_t *evidence, const struct encounter *encounter,
                         const struct player *player)
{
    if (player->stream == STREAM_REFUSED)
        evidence_note(evidence, _("a datagram of %s was refused (ICMP: port unreachable)"),
                      player->name);
    if (!player->listens)
        evidence_udp_sockets(evidence, encounter);
}
