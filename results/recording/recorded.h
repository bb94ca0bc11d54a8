/* What a recording is made of, for who writes one and who reads one. In all of these texts are
 * borrowed; a NULL, and an id or a pid of 0, stand for what is not there or not known (null in the
 * file). */
#ifndef RESULTS_RECORDING_RECORDED_H
#define RESULTS_RECORDING_RECORDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCHEMA_WATCH "proctor.watch/1"

/* What was looked at. */
struct recorded_target {
    const char *name;
    int pid;
    int port;
    const char *const *command; /* ends with NULL; or NULL: it ran already */
};

/* Who holds a socket: `tid` is the task that waits on it, or was last seen to. */
struct recorded_owner {
    int pid;
    int tid;
    const char *name;
};

struct recorded_listener {
    int id;              /* from 1 */
    const char *address; /* "127.0.0.1:9500" */
    int64_t backlog;
    int64_t queued; /* clients that nobody has accepted yet */
    struct recorded_owner owner;
    bool is_gone;
};

enum recorded_stage { STAGE_CONNECTING, STAGE_QUEUED, STAGE_ACCEPTED, STAGE_SERVED, STAGE_GONE };

/* A whole row, each time anything in it has changed. */
struct recorded_client {
    int id;           /* from 1 */
    const char *name; /* that the player gave it, or NULL */
    const char *client;
    const char *server; /* addresses */
    int listener;       /* id */
    enum recorded_stage stage;
    const char *server_state; /* "ESTABLISHED" …, as netstat names them; of either end */
    const char *client_state;
    int64_t inode; /* at the server's end; 0: no process has it */
    struct recorded_owner owner;
    int64_t unread_bytes; /* by the server */
    int64_t unsent_bytes; /* by the server's end: not acknowledged yet */
    int64_t requests;
    const char *why; /* it waits, in one line; or NULL */
};

enum recorded_doing { DOING_RUNS, DOING_SLEEPS, DOING_STOPPED, DOING_ENDED };
enum recorded_on {
    ON_NOTHING, /* or not known */
    ON_CLIENT,
    ON_LISTENER,
    ON_CLIENTS, /* several at once: select, poll, epoll */
    ON_LOCK,
    ON_CHILD,
    ON_TIME,
    ON_OTHER,
};

struct recorded_task {
    int pid;
    int tid;
    const char *name;
    enum recorded_doing doing;
    const char *call; /* that it sleeps in, "recvfrom"; or NULL */
    enum recorded_on on;
    const int *clients; /* ids of those it waits for */
    size_t client_count;
    int listener; /* id */
    int64_t cpu_ns;
    bool is_runtime; /* not of the program's own making: a collector of garbage … */
};

enum recorded_side { SIDE_OF_CLIENT, SIDE_OF_SERVER };

struct recorded_bytes {
    int client;
    enum recorded_side from;
    int64_t count;
    const char *text; /* their beginning as bytes_shown() writes it, where the writer itself sent
                         or received them; or NULL */
};

struct recorded_model {
    const char *model; /* "sequential"; or NULL: not known (any more) */
    const char *detail;
    const char *const *because; /* ends with NULL; or NULL */
};

struct recorded_note {
    const char *text;
};

enum recorded_link { LINK_ETHERNET, LINK_RAW };

struct recorded_packet {
    enum recorded_link link;
    const void *data;
    size_t data_bytes; /* that were kept */
    int64_t length;    /* that it had */
};

/* Looks that were left out, and packets for which there was no room. */
struct recorded_lost {
    int64_t pictures;
    int64_t packets;
    const char *why;
};

enum recorded_ending { ENDED_EXITED, ENDED_INTERRUPTED, ENDED_UNTIL, ENDED_PARTIAL };

struct recorded_end {
    enum recorded_ending why;
};

enum recorded_kind {
    RECORDED_LISTENER,
    RECORDED_CLIENT,
    RECORDED_TASK,
    RECORDED_BYTES,
    RECORDED_MODEL,
    RECORDED_NOTE,
    RECORDED_PACKET,
    RECORDED_LOST,
    RECORDED_END,
};

struct recorded_change {
    int64_t t_ns;
    enum recorded_kind kind;
    union {
        struct recorded_listener listener;
        struct recorded_client client;
        struct recorded_task task;
        struct recorded_bytes bytes;
        struct recorded_model model;
        struct recorded_note note;
        struct recorded_packet packet;
        struct recorded_lost lost;
        struct recorded_end end;
    };
};

/* The words of the file for them: recorded_stage_names[STAGE_QUEUED] is "queued". Each list ends
 * with NULL; ON_NOTHING has "". */
extern const char *const recorded_kind_names[];
extern const char *const recorded_stage_names[];
extern const char *const recorded_doing_names[];
extern const char *const recorded_on_names[];
extern const char *const recorded_side_names[];
extern const char *const recorded_link_names[];
extern const char *const recorded_ending_names[];

#endif
