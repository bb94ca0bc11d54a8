/* What the machine is told to run, and what comes back: JSON in the channel. */
#ifndef MACHINE_ORDER_H
#define MACHINE_ORDER_H

#include <jansson.h>
#include <stdint.h>

struct machine_order {
    char *const *words;       /* the program and its arguments, the last NULL */
    char *const *environment; /* the last NULL */
    const char *folder;       /* where it runs */
    uint64_t stack_bytes;     /* the limit of its stack, which moves all that is mapped */
};

/* A new text, to be freed; NULL if a word is no UTF-8. */
char *machine_order_write(const struct machine_order *order);

/* The order in the text, or NULL if it holds none. To be freed with machine_order_free(). */
struct machine_order *machine_order_read(const char *text);
void machine_order_free(struct machine_order *order);

struct machine_reply {
    int status;   /* as waitpid() gives it; -1: it could not be run */
    char *output; /* all texts owned */
    char *errors;
};

char *machine_reply_write(const struct machine_reply *reply);

/* 0, or -EPROTO: it is none. To be released in either case. */
int machine_reply_read(struct machine_reply *reply, const char *text);
void machine_reply_release(struct machine_reply *reply);

#endif
