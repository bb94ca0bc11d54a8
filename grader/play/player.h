/* A client that the grader plays, inside the arena's network. */
#ifndef GRADER_PLAY_PLAYER_H
#define GRADER_PLAY_PLAYER_H

#include "base/address.h"
#include "base/bytes.h"

#include <stdbool.h>

struct arena;

/* What the server has done to its side of the connection. */
enum stream { STREAM_OPEN, STREAM_ENDED, STREAM_RESET };

struct player {
    const char *name;    /* "the first client" */
    char usual_name[32]; /* "client 1": what it is called if nothing else */
    int fd;              /* -1: not playing (any more) */
    struct address local;
    struct address server;
    size_t sent_bytes;
    struct bytes outgoing; /* said, and not yet sent for want of room */
    struct bytes received;
    enum stream stream;
    struct bytes said;     /* all that it has said, but for floods */
    struct bytes expected; /* what it must get for that */
    size_t noted_bytes;    /* of `expected`, for the picture */
    bool has_greeted;
    bool has_short_segments; /* as over an Ethernet: buffers on the way are full sooner than with
                              * the 64 KiB of a loopback, for which they hold megabytes */
    bool reads_nothing;      /* leaves what comes where it is */
    bool has_left;           /* has ended its side, or will once all is sent */
};

/* Connects, without waiting longer than the kernel of one machine takes to shake hands with
 * itself. 0 or -errno; -EINPROGRESS: the accept queue is full and the handshake hangs. */
int player_connect(struct player *player, struct arena *arena, const struct address *server);

/* Is this error of player_connect() the submission's doing, and not ours? */
bool player_was_refused(int error);

/* Is the server where nobody can come: at a foreign, a broadcast or a multicast address? */
bool player_found_no_way(int error);

/* Gives up a connection that was refused: it does not play any more. */
void player_give_up(struct player *player);

/* Says something: sends what there is room for, keeps the rest for player_push(). 0 or -errno. */
int player_say_bytes(struct player *player, const void *data, size_t count);

/* Sends more of what was said, without waiting. 0 or -errno. */
int player_push(struct player *player);

/* Takes what has come, without waiting. True if anything was new. */
bool player_drain(struct player *player);

/* Ends its side of the connection in order, and goes on taking what the server still sends: to
 * close with an answer under way would be a reset, which is another thing than leaving. */
void player_leave(struct player *player);

/* Aborts the connection: the server gets a reset. */
void player_reset(struct player *player);

void player_release(struct player *player);

#endif
