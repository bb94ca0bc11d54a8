/* What a server looks like with some clients connected: which process holds each connection, and
 * which task waits for it. */
#ifndef OBSERVE_WAITING_SHAPE_H
#define OBSERVE_WAITING_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct snapshot;
struct tcp_row;
struct tcp_table;
struct waiting;

/* Some clients, as the server has them: the rows of its ends of their connections; NULL where it
 * has none. */
struct ends {
    const struct tcp_table *tcp; /* where the listeners stand, too */
    const struct tcp_row *const *rows;
    size_t count;
};

/* One client's connection as the server has it. */
struct hold {
    pid_t owner;  /* a process that has a descriptor for it; 0: none */
    pid_t waiter; /* a task that sleeps in a call that the client can end; 0: none */
    pid_t waiter_pid;
    const char *call;      /* in which it sleeps */
    size_t own_waiters;    /* tasks that sleep in a call on this client alone */
    bool is_in_loop;       /* the call also waits for the listener or for another client */
    uint32_t epoll_events; /* that an epoll set of its owner asks of it; 0: it is in none */
};

#define SHAPE_CLIENTS_MAX 16

struct shape {
    size_t clients;
    struct hold holds[SHAPE_CLIENTS_MAX];
    size_t accepted;
    size_t processes;
    size_t tasks;          /* threads of all processes, helpers of io_uring apart */
    size_t acceptors;      /* of them: wait for a listener, in whatever call */
    size_t loops;          /* with select, poll or epoll, */
    size_t loop_processes; /* in so many processes */
    pid_t loop_pid;        /* one of these processes */
    const char *loop_call; /* in which it waits */
    size_t rings;          /* sleep in io_uring_enter */
};

/* Reads it from the snapshot, for at most SHAPE_CLIENTS_MAX clients whose rows in it these are. */
void shape_read(struct shape *shape, const struct snapshot *snapshot,
                const struct tcp_row *const *rows, size_t count);

/* The same from whom the tasks wait for, without the owners and what their epoll sets ask: to find
 * these all descriptors are searched. */
void shape_read_waits(struct shape *shape, const struct waiting *waiting, const struct ends *ends);

/* Does a task of its own wait for each client? */
bool shape_has_task_for_each(const struct shape *shape);

/* Does it show how all clients are waited for: in loops, or by a task for each? */
bool shape_is_telling(const struct shape *shape);

/* How many of the clients are waited for in loops. */
size_t shape_count_in_loops(const struct shape *shape);

/* How many different tasks, or processes, wait for the clients. */
size_t shape_count_waiters(const struct shape *shape, bool processes);

/* How many tasks wait for one client alone, on whichever connection. */
size_t shape_count_own_waiters(const struct shape *shape);

/* A client for which several tasks wait, each in a call for it alone, while nobody waits for
 * another one: they were given the same descriptor. */
struct shared {
    size_t tasks; /* 0: there is no such client */
    size_t client;
};

/* `client` counts from the first of these rows, of which there may be any number. */
void shape_find_shared(struct shared *shared, const struct snapshot *snapshot,
                       const struct tcp_row *const *rows, size_t count);

#endif
