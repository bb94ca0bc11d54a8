/* What clients say in each protocol, and what they must get: one table, so that every test of a
 * model runs with every protocol. */
#ifndef TESTS_SUPPORT_DIALECTS_H
#define TESTS_SUPPORT_DIALECTS_H

#include <stdbool.h>
#include <stddef.h>

struct exchange {
    const char *said;
    const char *answered; /* what comes back; or, if the protocol prints, what it prints */
};

/* Much at once; both blocks are freed by whoever asked for them. */
struct bulk {
    char *said;
    size_t said_bytes;
    char *answered;
    size_t answered_bytes;
};

struct dialect {
    const char *protocol;
    const char *options[7]; /* of `proctor serve`, NULL-terminated */
    bool prints;            /* it does not answer but prints, each line after "ADDRESS: " */
    struct exchange first;  /* opens a conversation; ends with a newline where lines matter */
    const char *piece;      /* the beginning of something that goes on with … */
    struct exchange rest;   /* … this, and further messages merged with it */
    struct exchange last;   /* ended by the end of the stream alone; opens a conversation */
    void (*make_bulk)(struct bulk *bulk);
};

/* Fails the test if there is none. */
const struct dialect *dialect_of(const char *protocol);

#endif
