/* The bytes of one client, moved in the manner that its model needs.
 *
 *   blocking   connection_serve(): waits in recv and send; for models that give each client a
 *              thread, a process or everybody's time.
 *   ready      connection_ready(): the kernel has said that a descriptor is ready; never waits.
 *   completed  connection_received(), connection_outgoing(), connection_sent(): the kernel has
 *              already moved the bytes.
 *
 * What models may call is declared in servers/server.h. In every manner a client that does not take
 * its replies is not read from, and neither is one whose attachment is being sent. What a
 * connection then holds is bounded: by one receive and its reply in the first two manners, in the
 * third also by what had been received before the standing receive could be called back.
 */
#ifndef SERVERS_SERVING_CONNECTION_H
#define SERVERS_SERVING_CONNECTION_H

#include "servers/protocols/protocol.h"
#include "servers/server.h"
#include "servers/serving/source.h"

struct connection {
    struct service *service;
    int client;
    bool ending;           /* nothing more is received; close once all is sent */
    bool is_blocking;      /* may wait for its attachment */
    bool has_all;          /* completed manner: the end of the stream has come */
    struct source source;  /* open while an attachment is being sent */
    struct bytes unread;   /* completed manner: what came while the attachment was being sent */
    struct bytes outgoing; /* … a reply in the kernel's hands must not move */
    struct conversation conversation;
};

#endif
