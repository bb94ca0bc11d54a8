/* A table from hashes to positions in an array, made anew for each picture: thousands of sockets
 * are looked up at each look, by address and by inode. */
#ifndef WATCH_LOOKUP_H
#define WATCH_LOOKUP_H

#include "base/address.h"

#include <stddef.h>
#include <stdint.h>

#define LOOKUP_NONE SIZE_MAX

/* All zero is an empty one. */
struct lookup {
    struct lookup_slot {
        uint64_t hash;
        size_t position; /* plus 1; 0: free */
    } * slots;
    size_t capacity; /* a power of two, or 0 */
};

/* Empties the table and makes room for so many. */
void lookup_begin(struct lookup *lookup, size_t count);

void lookup_add(struct lookup *lookup, uint64_t hash, size_t position);

/* The first position that was added under the hash, and the next one after `previous`; LOOKUP_NONE
 * behind the last. Different things may share a hash: the caller compares. */
size_t lookup_find(const struct lookup *lookup, uint64_t hash);
size_t lookup_find_next(const struct lookup *lookup, uint64_t hash, size_t previous);

void lookup_release(struct lookup *lookup);

uint64_t lookup_hash_number(uint64_t number);

/* Of a connection; the same for both forms of an IPv4 address. */
uint64_t lookup_hash_connection(const struct address *local, const struct address *remote);

#endif
