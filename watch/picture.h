/* One picture: the clients of a server, its tasks and its listeners at one moment, as far as the
 * kernel shows them. A picture owns all that is in it and points to nothing outside, so that it can
 * be kept, compared with the next one, and drawn later. */
#ifndef WATCH_PICTURE_H
#define WATCH_PICTURE_H

#include "base/address.h"
#include "observe/tcp.h"
#include "results/recording/recording.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define WHY_BYTES   200
#define BECAUSE_MAX 8

struct picture_listener {
    int id; /* from 1, as long as it is watched */
    struct address address;
    unsigned inode;
    unsigned queued;
    unsigned backlog;
    pid_t pid; /* that has it; 0: cannot be seen */
    char name[16];
    bool is_gone;
};

struct picture_client {
    int id;       /* from 1, in the order in which they were first seen */
    int listener; /* id; 0: unknown */
    struct address client;
    struct address server;
    enum recorded_stage stage;
    enum tcp_state server_state; /* 0: the kernel has no such end (any more) */
    enum tcp_state client_state; /* the same; or the client is on another machine */
    unsigned inode;
    pid_t pid; /* of who holds it at the server; 0: nobody, or it cannot be seen */
    pid_t tid; /* of who waits on it, or was last seen to; 0: nobody was */
    char owner[16];
    unsigned unread_bytes;
    unsigned unsent_bytes;
    uint64_t came_bytes;
    uint64_t went_bytes;
    unsigned requests;   /* how often something had come since the look before */
    int64_t since_ns;    /* when it was first seen */
    int64_t changed_ns;  /* when anything in its row was last seen to change */
    char why[WHY_BYTES]; /* it waits; "" if it does not, or that is not known */
};

struct picture_task {
    pid_t pid;
    pid_t tid;
    char name[16];
    enum recorded_doing doing;
    const char *call; /* in a table of constants; NULL: none, or without a name */
    enum recorded_on on;
    size_t first; /* whom it waits for: client ids, in `waited` of the picture */
    size_t count;
    int listener; /* id; 0: it waits for none */
    uint64_t cpu_ns;
    unsigned busy_permille; /* of one processor, since the picture before */
    bool is_runtime;
    bool is_hidden; /* what it does cannot be seen */
};

struct picture_model {
    const char *name; /* a constant, or NULL: not known yet */
    char *detail;
    char *because[BECAUSE_MAX];
    size_t because_count;
};

struct picture {
    int64_t t_ns; /* since watching began */
    struct picture_listener *listeners;
    size_t listener_count;
    struct picture_client *clients; /* in the order of their ids */
    size_t client_count;
    struct picture_task *tasks; /* in the order of the tree */
    size_t task_count;
    int *waited;
    size_t waited_count;
    struct picture_model model;
    size_t short_lived; /* connections that came and went between two looks, so far */
    bool is_consistent; /* sockets and tasks belong together: what is blocked can be concluded */
    bool is_cut_short;  /* some tasks could not be read */
    bool has_ended;     /* no process of the target is left */
};

/* An independent copy; release both. */
void picture_copy(struct picture *copy, const struct picture *picture);
void picture_release(struct picture *picture);

#define TASK_NAME_BYTES 16

/* Copies the name of a task, which it may have chosen itself: what is not plain ASCII becomes
 * '?'. */
void picture_copy_name(char copy[TASK_NAME_BYTES], const char name[TASK_NAME_BYTES]);

size_t picture_bytes(const struct picture *picture);

const struct picture_client *picture_find_client(const struct picture *picture, int id);
const struct picture_task *picture_find_task(const struct picture *picture, pid_t tid);
const struct picture_listener *picture_find_listener(const struct picture *picture, int id);

/* Is all the same in both rows, whenever that changed last? */
bool picture_clients_equal(const struct picture_client *left, const struct picture_client *right);

bool picture_models_equal(const struct picture_model *left, const struct picture_model *right);
void picture_model_release(struct picture_model *model);

#endif
