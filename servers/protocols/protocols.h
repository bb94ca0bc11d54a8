/* All protocols. */
#ifndef SERVERS_PROTOCOLS_PROTOCOLS_H
#define SERVERS_PROTOCOLS_PROTOCOLS_H

struct protocol;

/* The last entry is NULL. */
extern const struct protocol *const protocols[];

/* NULL if none has that name. */
const struct protocol *protocol_find(const char *name);

#endif
