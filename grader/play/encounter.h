/* A submission in its arena, the clients that meet it, and waiting for what must follow.
 *
 * Nothing here waits for a time to pass. encounter_wait() returns as soon as what is waited for is
 * seen, or as soon as the kernel shows that it will not come: the submission has settled or
 * has ended. The patience is the last resort, and its use is named.
 */
#ifndef GRADER_PLAY_ENCOUNTER_H
#define GRADER_PLAY_ENCOUNTER_H

#include "grader/arena/arena.h"
#include "grader/play/player.h"
#include "observe/settle.h"

struct encounter {
    struct arena arena;
    struct settle settle;
    struct player *players; /* all of them; one that does not play has no socket */
    size_t player_count;
    int64_t patience_ns;      /* for each wait */
    struct waits *waits;      /* notes what each look sees of the tasks (waits.h), or NULL */
    void *play;               /* for predicates: the check under way */
    bool ends_on_spinning;    /* a server that spins will do nothing else: do not wait */
    bool outlives_submission; /* waiting goes on for its connections when it has ended */
    int listener_fd;          /* of ours (0: none), where the submission is a client */
    uint16_t port;            /* the one it must listen on; 0: whichever it does */
    struct address server;    /* where it listens; from encounter_has_listener() on */
    unsigned listener_inode;
    int activity;     /* enum activity, as of the latest look */
    bool has_news;    /* something came, went or was printed since */
    unsigned changes; /* of sockets, when what was printed was last looked at */
    int64_t output_bytes_at_change;
};

enum outcome {
    OUTCOME_SEEN,     /* what was waited for has happened */
    OUTCOME_SETTLED,  /* nothing more will happen without us */
    OUTCOME_SPINNING, /* the patience was used up: it uses the processor and does nothing else */
    OUTCOME_ENDED,    /* no process of it is left */
    OUTCOME_UNSEEN, /* a task is stopped, and the others stand still; or one cannot be inspected */
    OUTCOME_TIMED_OUT, /* the patience was used up */
};

/* Replaces the players by so many new ones, "client 1" and so on. At first the encounter is all
 * zero but for its options and its open arena. */
void encounter_cast(struct encounter *encounter, size_t player_count);

/* Looks at encounter->settle.current, the players and the output. */
typedef bool encounter_predicate(struct encounter *encounter);

/* Waits until the predicate holds or cannot come to hold. An outcome or -errno. */
int encounter_wait(struct encounter *encounter, encounter_predicate *predicate);

/* A predicate: a process of the submission listens. Fills in where. */
bool encounter_has_listener(struct encounter *encounter);

/* A predicate: all its tasks sleep, though some may wake up by themselves. */
bool encounter_is_resting(struct encounter *encounter);

/* A predicate: none of its processes is left. */
bool encounter_is_over(struct encounter *encounter);

/* How many different ports its processes listen on. */
size_t encounter_count_ports(const struct encounter *encounter);

/* The server's end of a player's connection in the latest snapshot, or NULL; the player's own; and
 * the listener's row. */
const struct tcp_row *encounter_server_row(const struct encounter *encounter,
                                           const struct player *player);
const struct tcp_row *encounter_player_row(const struct encounter *encounter,
                                           const struct player *player);
const struct tcp_row *encounter_listener_row(const struct encounter *encounter);

/* Does a process of the submission hold the player's connection? False once it has closed it. */
bool encounter_is_accepted(const struct encounter *encounter, const struct player *player);

/* While one connection is flooded nothing settles. But where the submission stands still, and
 * nothing is on its way to or from this player but what nobody reads, nothing more will come. */
bool encounter_is_stuck(const struct encounter *encounter, const struct player *player);

/* A task is stopped and no other one moves: nothing more will come, whatever the patience. */
bool encounter_is_stopped(const struct encounter *encounter);

/* How many clients the accept queue has room for when it is empty; at least one. */
size_t encounter_queue_room(const struct encounter *encounter);

/* How many processes run on after the submission's first one has ended, as of the latest look. */
size_t encounter_left_running(const struct encounter *encounter);

/* Ends the submission and releases all. */
void encounter_release(struct encounter *encounter);

#endif
