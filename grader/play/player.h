/* A client that the grader plays, inside the arena's network.
 *
 * Over UDP it has no connection: `received` is then the next datagram alone, and others wait behind
 * it until player_next_datagram().
 */
#ifndef GRADER_PLAY_PLAYER_H
#define GRADER_PLAY_PLAYER_H

#include "base/address.h"
#include "base/bytes.h"
#include "base/datagrams.h"
#include "grader/play/conduct.h"
#include "grader/protocols/answer.h"
#include "grader/protocols/token.h"

#include <stdbool.h>

struct arena;

/* Of what a client has received, so much is searched for what may stand anywhere in it. */
#define PLAYER_SEARCHED_BYTES ((size_t)1 << 20)

/* What the server has done to its side of the connection. */
enum stream {
    STREAM_OPEN,
    STREAM_ENDED,
    STREAM_RESET,
    STREAM_REFUSED /* over UDP: nobody is bound where its latest datagram has gone */
};

/* When bytes came, or the end, since player_begin_arrival(). What is seen at one look has come
 * since the look before, which is how exactly the time is known. */
struct arrival {
    int64_t before_first_ns;
    int64_t first_ns; /* 0: nothing has come */
    int64_t before_last_ns;
    int64_t last_ns;
    size_t bytes;
};

struct player {
    const char *name;    /* "the first client", in the language of the grading */
    const char *id;      /* the same in all languages, for the document */
    char usual_name[32]; /* "client 1": the name by default */
    char usual_id[32];
    int fd;          /* -1: not playing (any more) */
    int listener_fd; /* of its own, where the submission connects to it; 0: none */
    enum transport transport;
    bool listens; /* over UDP: it hears whoever sends to it, and answers who did so last */
    struct address local;
    struct address server;
    struct datagrams behind; /* that have come after the one in `received` */
    struct address from;     /* who has sent that one */
    bool has_datagram;       /* there is one, perhaps an empty one */
    size_t sent_bytes;
    size_t came_bytes;     /* all that it has got, taken or not */
    size_t read_bytes;     /* of what it sent: seen to have been read (reading.h) */
    struct bytes outgoing; /* not sent yet, as the socket was full */
    struct bytes received;
    enum stream stream;
    struct bytes said;          /* all that it has said, except floods */
    struct bytes flooded;       /* how its flood begins */
    struct bytes word;          /* the latest of its words, which nobody else says */
    struct answers awaited;     /* what it must get */
    enum taken got;             /* of that, as of the latest look */
    struct bytes last_taken;    /* the latest that it has got, as it came */
    size_t taken_bytes;         /* all that was taken off `received` */
    size_t noted_answers;       /* for the timeline */
    char who[TOKEN_NAME_BYTES]; /* the name by which it calls itself, once it has one */
    struct arrival arrival;
    int64_t drained_ns; /* when it was last looked whether anything has come */
    bool is_owed;       /* it has been owed something: all that comes besides is too much */
    bool is_overlooked; /* nobody asks what it gets */
    bool has_joined;    /* it has greeted, and hears what others say */
    bool has_greeted;
    bool has_said_stop;      /* what comes after it is another check's business */
    bool has_short_segments; /* as over Ethernet: with the 64 KiB segments of loopback the
                              * buffers on the way hold megabytes */
    bool reads_nothing;      /* leaves what comes unread */
    bool has_left;           /* has ended its side, or will once all is sent */
};

/* Makes the socket already, so that connecting takes a single system call. 0 or -errno. */
int player_prepare(struct player *player, struct arena *arena, const struct address *server);

/* Connects, waiting no longer than a handshake within one machine takes. 0 or -errno; -EINPROGRESS:
 * the accept queue is full and the handshake hangs. */
int player_connect(struct player *player, struct arena *arena, const struct address *server);

/* Is this error of player_connect() the submission's doing, and not ours? */
bool player_was_refused(int error);

/* Does the server listen where no client gets: a foreign, broadcast or multicast address? */
bool player_found_no_way(int error);

/* Gives up a connection that was refused: it does not play any more. */
void player_give_up(struct player *player);

/* Sends what the socket takes, and keeps the rest for player_push(). 0 or -errno. */
int player_say_bytes(struct player *player, const void *data, size_t count);

/* Sends more of what was said, without waiting. 0 or -errno. */
int player_push(struct player *player);

/* Takes what has come, at most so much, without waiting. True if anything was new. */
bool player_drain(struct player *player, size_t most_bytes);

/* From now on the times of what comes are noted anew. */
void player_begin_arrival(struct player *player);

/* Has anything come that was not taken yet, even an empty datagram? */
bool player_has_more(const struct player *player);

/* What is kept of what has come; each datagram counts for more than its bytes. */
size_t player_kept_bytes(const struct player *player);

/* The datagram in `received` is used up, and the next one takes its place. */
void player_next_datagram(struct player *player);

/* Does the datagram come from elsewhere than its own went to? */
bool player_hears_stranger(const struct player *player);

/* What it has received, as far as it is searched: the bytes stay the player's. */
struct bytes player_searched(const struct player *player);

/* Ends its side of the connection in order, and still reads what the server sends: closing with an
 * answer under way would reset the connection. */
void player_leave(struct player *player);

/* Aborts the connection: the server gets a reset. */
void player_reset(struct player *player);

/* Forgets the connection, so that it can connect anew; its names stay. */
void player_renew(struct player *player);
void player_release(struct player *player);

#endif
