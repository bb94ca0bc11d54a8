#include "watch/lookup.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void lookup_begin(struct lookup *lookup, size_t count)
{
    size_t wanted = 64;
    while (wanted < 2 * count)
        wanted *= 2;
    if (wanted > lookup->capacity) {
        free(lookup->slots);
        lookup->slots = allocate(wanted, sizeof *lookup->slots);
        lookup->capacity = wanted;
        return;
    }
    memset(lookup->slots, 0, lookup->capacity * sizeof *lookup->slots);
}

void lookup_add(struct lookup *lookup, uint64_t hash, size_t position)
{
    size_t at = hash & (lookup->capacity - 1);
    while (lookup->slots[at].position != 0)
        at = (at + 1) & (lookup->capacity - 1);
    lookup->slots[at] = (struct lookup_slot){.hash = hash, .position = position + 1};
}

static size_t find_behind(const struct lookup *lookup, uint64_t hash, size_t previous)
{
    bool is_behind = previous == LOOKUP_NONE;
    if (lookup->capacity == 0)
        return LOOKUP_NONE;
    size_t at = hash & (lookup->capacity - 1);
    for (; lookup->slots[at].position != 0; at = (at + 1) & (lookup->capacity - 1)) {
        const struct lookup_slot *slot = &lookup->slots[at];
        if (slot->hash != hash)
            continue;
        if (is_behind)
            return slot->position - 1;
        is_behind = slot->position - 1 == previous;
    }
    return LOOKUP_NONE;
}

size_t lookup_find(const struct lookup *lookup, uint64_t hash)
{
    return find_behind(lookup, hash, LOOKUP_NONE);
}

size_t lookup_find_next(const struct lookup *lookup, uint64_t hash, size_t previous)
{
    return find_behind(lookup, hash, previous);
}

void lookup_release(struct lookup *lookup)
{
    free(lookup->slots);
    *lookup = (struct lookup){0};
}

/* The finisher of splitmix64, https://prng.di.unimi.it/splitmix64.c */
uint64_t lookup_hash_number(uint64_t number)
{
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
    number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
    return number ^ (number >> 31);
}

static uint64_t hash_address(const struct address *address)
{
    struct address plain = address_plain(address);
    uint64_t parts[2] = {0};
    if (plain.any.sa_family == AF_INET6)
        memcpy(parts, &plain.v6.sin6_addr, sizeof parts);
    else
        parts[0] = plain.v4.sin_addr.s_addr;
    return lookup_hash_number(parts[0] ^ lookup_hash_number(parts[1] + address_port(&plain)));
}

uint64_t lookup_hash_connection(const struct address *local, const struct address *remote)
{
    return lookup_hash_number(hash_address(local) + 3 * hash_address(remote));
}
