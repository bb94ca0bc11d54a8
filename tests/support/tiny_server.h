/* A small server in a thread, which does one thing to its clients, right or wrong. */
#ifndef TESTS_SUPPORT_TINY_SERVER_H
#define TESTS_SUPPORT_TINY_SERVER_H

#include "base/address.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#define GUESTS_MAX 64

struct tiny_server;

struct guest {
    int fd;        /* -1 once closed */
    size_t number; /* how many were admitted before */
    size_t kept_bytes;
    char kept[256]; /* for the server's behaviour */
};

/* Answers `count` bytes that have come, in `data`, where there is room for as many again; false
 * closes the connection. */
typedef bool answer_function(struct tiny_server *server, struct guest *guest, char *data,
                             size_t count);

struct tiny_server {
    struct address address;
    int listener;
    int orders[2];           /* a pipe */
    answer_function *answer; /* NULL closes every connection at once */
    bool is_open;            /* of a server that holds back */
    pthread_t thread;
    size_t guest_count; /* places used; those who left leave theirs to others */
    size_t admitted;
    size_t keeps; /* closes whoever comes after so many */
    struct guest guests[GUESTS_MAX];
};

/* Starts it on a port of 127.0.0.1 that the kernel chooses. */
void tiny_server_start(struct tiny_server *server, answer_function *answer);

/* The same, and it closes all but the first clients at once. */
void tiny_server_start_keeping(struct tiny_server *server, answer_function *answer, size_t keeps);

/* Lets it answer what it has held back, and from now on hold back nothing. */
void tiny_server_open_up(struct tiny_server *server);

/* Ends it and closes everything. */
void tiny_server_end(struct tiny_server *server);

/*** Behaviours ***/

answer_function echo;
answer_function echo_byte_by_byte;
answer_function echo_with_a_wrong_byte;
answer_function echo_twice;
answer_function repeat_the_first;    /* answers every request with the first */
answer_function swap_two;            /* gives each of the first two clients what the other sent */
answer_function break_off_and_close; /* after ten bytes of the reply */
answer_function never_answer;
answer_function reset_at_the_second; /* aborts the first client's connection at its 2nd message */
answer_function reset;               /* aborts the connection */
answer_function hold_back;           /* answers nothing until it opens up */

#endif
