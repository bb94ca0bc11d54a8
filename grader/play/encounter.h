/* A submission in its arena, and the clients that meet it. */
#ifndef GRADER_PLAY_ENCOUNTER_H
#define GRADER_PLAY_ENCOUNTER_H

#include "grader/arena/arena.h"
#include "grader/play/player.h"
#include "observe/settle.h"

struct encounter {
    const char *name;          /* of one that is beside a submission; else NULL */
    struct encounter *besides; /* the assignment's own programs, in the same network */
    size_t beside_count;
    const struct encounter *lost; /* one of them, which has ended; or NULL */
    struct arena arena;
    struct settle settle;
    struct player *players; /* all of them; one that does not play has no socket */
    size_t player_count;
    int64_t patience_ns;       /* for each wait */
    struct recorder *recorder; /* of what is seen (recorder.h), or NULL */
    struct waits *waits;       /* notes what each look sees of the tasks (waits.h), or NULL */
    void *play;                /* for predicates: the check under way */
    bool outlives_submission;  /* waiting goes on for its connections when it has ended */
    int listener_fd;           /* of ours (0: none), where the submission is a client */
    uint16_t port;             /* the one it must listen on; 0: whichever it does, over TCP */
    enum transport transport;  /* of its clients, where no scene says otherwise */
    struct address server;     /* where it listens; from encounter_has_listener() on */
    unsigned listener_inode;
    int activity;          /* enum activity, as of the latest look */
    int64_t look_ns;       /* how long that look took */
    int64_t window_ns;     /* of the latest wait (await.h) */
    int64_t within_ns;     /* set: of all waits but those for rest; 0: as usual */
    int64_t spent_ns;      /* of within_ns: before the wait began */
    bool has_news;         /* something came, went or was printed since */
    size_t progress;       /* how much of what is waited for has come */
    int64_t progressed_ns; /* when, in the submission's own time */
    bool is_restless;      /* was once not seen to come to rest */
    bool was_restless;     /* an earlier start of the same submission was */
    unsigned changes;      /* of sockets, when what was printed was last looked at */
    int64_t output_bytes_at_change;
};

/* Replaces the players by so many new ones, "client 1" and so on. At first the encounter is all
 * zero but for its options and its open arena. */
void encounter_cast(struct encounter *encounter, size_t player_count);

/* A predicate: a process of the submission listens; over UDP: has a socket that is bound to the
 * port and not connected. Fills in where. */
bool encounter_has_listener(struct encounter *encounter);

/* Is the listener as of encounter_has_listener() still there? */
bool encounter_still_listens(const struct encounter *encounter);

/* Where a client reaches it over this transport, as of the latest snapshot; false: nowhere. */
bool encounter_reach(const struct encounter *encounter, enum transport transport,
                     struct address *address);

/* A socket of ours that listens on this port, at all addresses of the submission's network, to be
 * closed; or -errno. Over UDP it is just bound. */
int encounter_listen(struct encounter *encounter, uint16_t port, enum transport transport);

/* A predicate: none of its processes is left. */
bool encounter_is_over(struct encounter *encounter);

/* How many different ports its processes listen on. */
size_t encounter_count_ports(const struct encounter *encounter);

/* The server's end of a player's connection in the latest snapshot, or NULL; the player's own; and
 * the listener's row. Over UDP there is none of these. */
const struct tcp_row *encounter_server_row(const struct encounter *encounter,
                                           const struct player *player);
const struct tcp_row *encounter_player_row(const struct encounter *encounter,
                                           const struct player *player);
const struct tcp_row *encounter_listener_row(const struct encounter *encounter);

/* The server's ends of `count` players' connections, from number `first` on, into `rows`. */
void encounter_server_rows(const struct encounter *encounter, size_t first, size_t count,
                           const struct tcp_row **rows);

/* The socket that serves the player alone, 0: none or not known; over UDP, one that is connected to
 * the player. And the row of the submission's UDP socket as of encounter_has_listener(), or NULL.
 */
unsigned encounter_server_inode(const struct encounter *encounter, const struct player *player);
const struct udp_row *encounter_udp_row(const struct encounter *encounter);

/* "the listener", or what it is over UDP: to be translated. */
const char *encounter_listener_id(const struct encounter *encounter);

/* Does a process of the submission hold the player's connection? False once it has closed it. */
bool encounter_is_accepted(const struct encounter *encounter, const struct player *player);

/* Is it established at the player's end, and the server's kernel waits for the player to speak
 * first, as the server wants it (TCP_DEFER_ACCEPT)? With a full queue it would look the same. */
bool encounter_is_deferred(const struct encounter *encounter, const struct player *player);

/* For predicates: so much of what is waited for has come, in whatever unit. As long as it grows,
 * the patience begins anew. */
void encounter_note_progress(struct encounter *encounter, size_t progress);

/* Does its connection wait to be accepted, with or without bytes? */
bool encounter_is_queued(const struct encounter *encounter, const struct player *player);

/* No task is left but zombies that the keeper has not reaped yet. */
bool encounter_is_deserted(const struct encounter *encounter);

/* While one connection is flooded nothing settles. But where the submission stands still, and
 * nothing is on its way to or from this player but what nobody reads, nothing more will come. */
bool encounter_is_stuck(const struct encounter *encounter, const struct player *player);

/* It sends on and on to a client that has ended its side: such a server does nothing else. */
bool encounter_floods_the_leaving(const struct encounter *encounter);

/* How much more its players take from it, together: what they wait for, and 64 MB that none of them
 * asked for. 0: it sends without end. */
size_t encounter_room_bytes(const struct encounter *encounter);

/* Takes what was printed, and what has come to its players, and sends what is still to be sent.
 * True if anything was new. */
bool encounter_drain(struct encounter *encounter);

/* The client or the listener (of the encounter, `context`) whose socket this is, or NULL. */
const char *encounter_name_of_socket(const void *context, unsigned inode);

/* A task is stopped and no other one moves: nothing more will come, whatever the patience. */
bool encounter_is_stopped(const struct encounter *encounter);

/* How many clients the accept queue has room for when it is empty; at least one. Over UDP, how many
 * small datagrams may be sent at once. */
size_t encounter_queue_room(const struct encounter *encounter);

/* How many processes run on after the submission's first one has ended, as of the latest look. */
size_t encounter_left_running(const struct encounter *encounter);

/* Ends the submission and releases all. */
void encounter_release(struct encounter *encounter);

#endif
