/* What servers have said, where it is worth showing: the first few kinds of replies, and how often
 * each of them came. */
#ifndef LOADGEN_PLAN_REPLIES_H
#define LOADGEN_PLAN_REPLIES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPLY_KINDS_MAX   4
#define REPLY_BYTES_SHOWN 96

struct reply_kind {
    char bytes[REPLY_BYTES_SHOWN]; /* its beginning */
    size_t count_bytes;
    bool is_cut; /* there was more of it */
    uint64_t count;
};

/* All zero is none. */
struct replies {
    struct reply_kind by[REPLY_KINDS_MAX]; /* in the order in which they first came */
    size_t kinds;
    uint64_t others; /* that are of none of these kinds */
};

void replies_note(struct replies *replies, const char *bytes, size_t count);
void replies_merge(struct replies *into, const struct replies *from);

/* The kind's bytes for people, escaped and in quotes. The caller frees. */
char *reply_kind_text(const struct reply_kind *kind);

/* A list of {text, count}; a new object. */
json_t *replies_describe(const struct replies *replies);

#endif
