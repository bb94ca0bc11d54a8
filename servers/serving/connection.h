/* Moves the bytes of one client, in one of three ways.
 *
 *   blocking   connection_serve(): waits in recv and send; for models that give each client a
 *              thread or a process, or make the others wait.
 *   ready      connection_ready(): the kernel has said that a descriptor is ready; never waits.
 *   completed  connection_received(), connection_outgoing(), connection_sent(): the kernel has
 *              already moved the bytes.
 *
 * What models may call is declared in servers/server.h. A client that does not take its replies is
 * not read from, and neither is one whose attachment is being sent. So what a connection holds is
 * bounded: in the first two ways by one receive and its reply, in the third also by what had come
 * in before the standing receive was cancelled. docs/servers.md has the figures.
 *
 * Leaving a client. A close(2) with bytes unread, or before bytes that are under way, makes the
 * kernel send a reset, and the client may lose the last reply to it. So what lies unread is dropped
 * before each close. A client that is seen off (NEXT_SEE_OFF) may be in the midst of sending: it is
 * told the end, and what it sends is dropped until it ends its side, for DROPPED_BYTES_MAX at most.
 * Meanwhile it costs no more than a silent client, and in a blocking model it keeps its worker as a
 * silent one does.
 */
#ifndef SERVERS_SERVING_CONNECTION_H
#define SERVERS_SERVING_CONNECTION_H

#include "servers/protocols/protocol.h"
#include "servers/server.h"
#include "servers/serving/source.h"

struct connection {
    struct service *service;
    int client;
    bool ending;           /* nothing more is answered; close once all is sent */
    bool is_seen_off;      /* … and once the client has ended its side */
    bool has_said_end;     /* the sending side is shut down */
    size_t dropped_bytes;  /* received since then */
    bool is_blocking;      /* may wait for its attachment */
    bool has_all;          /* completed: the end of the stream has come */
    struct source source;  /* open while an attachment is being sent */
    struct bytes unread;   /* completed: what came while the attachment was being sent */
    struct bytes outgoing; /* completed: the kernel is sending this, so it must not move */
    struct conversation conversation;
};

#endif
