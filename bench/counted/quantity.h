/* What is counted of a server, and what one run of it says. */
#ifndef BENCH_COUNTED_QUANTITY_H
#define BENCH_COUNTED_QUANTITY_H

#include "machine/counter.h"

#include <jansson.h>
#include <stdbool.h>

enum quantity {
    QUANTITY_INSTRUCTIONS, /* of the server, per request */
    QUANTITY_USER,         /* of these, in user mode */
    QUANTITY_KERNEL,       /* and in the kernel */
    QUANTITY_CALLS,        /* per request, as the next three */
    QUANTITY_SWITCHES,
    QUANTITY_WAKE_UPS,
    QUANTITY_FAULTS,
    QUANTITY_MEMORY,        /* bytes per connection */
    QUANTITY_OF_CONNECTION, /* instructions per connection, where clients come and go */
    QUANTITIES,
};

struct quantity_kind {
    const char *name;  /* in documents */
    const char *title; /* for people */
    bool is_exact;     /* a count of events, of which one more is one too many */
};
extern const struct quantity_kind quantity_kinds[QUANTITIES];

/* One run of one side. */
struct counted_run {
    double of[QUANTITIES];      /* NAN: not counted */
    json_t *calls;              /* per request, by name */
    struct counted_code *codes; /* by address, without the generator's; owned */
    size_t code_count;
    double answered; /* requests between the marks */
    json_t *maps;    /* where the server's code lay */
    char *trouble;   /* of the server; NULL: none */
};

/* Reads what the side has said (bench/counted/side.h), and takes the codes. `requests` is how many
 * a connection has; 0: it is kept. 0, or -EPROTO. To be released in either case. */
int counted_run_read(struct counted_run *run, const char *said, struct counted_code *codes,
                     size_t code_count, unsigned requests);
void counted_run_release(struct counted_run *run);

#endif
