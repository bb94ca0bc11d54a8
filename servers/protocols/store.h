/* What the clients of a key-value server have stored: values by their keys, the same for all
 * threads and processes of the server.
 *
 * The table lies in memory that is shared with child processes, and takes no more of it than
 * STORE_KEYS_MAX slots of STORE_SLOT_BYTES: a slot that was never used costs nothing. Whoever uses
 * it holds a lock for as long as a key is looked for; a process that dies with it leaves a table
 * that is whole.
 *
 * With a file each change is written to it before it is made: as a line, "set KEY VALUE" or "del
 * KEY", by one write(2). So a kill of the server loses nothing that was answered, a loss of power
 * may. What stands in the file is made again at the next start, and the file then written anew,
 * with one line for each key.
 */
#ifndef SERVERS_PROTOCOLS_STORE_H
#define SERVERS_PROTOCOLS_STORE_H

#include <stddef.h>

#define STORE_KEYS_MAX   16384
#define STORE_SLOT_BYTES 4096
#define STORE_KEY_MAX    250 /* as in memcached */
#define STORE_VALUE_MAX  3800

struct bytes;
struct store;

/* Not ended by a NUL. */
struct store_text {
    const char *text;
    size_t length;
};

/* Opens an empty store, or the one in the file `path`, unless that is NULL; it is made if there is
 * none. NULL, with a sentence in `*complaint` that the caller frees. */
struct store *store_open(const char *path, char **complaint);
void store_close(struct store *store);

/* All three: 0, or -ENOENT if there is no such key; or -errno. A key may be as long as
 * STORE_KEY_MAX, a value as STORE_VALUE_MAX, or -EMSGSIZE; -ENOSPC if there is no slot left.
 * Neither may have a line feed, nor a key a blank: -EINVAL. */
int store_get(struct store *store, struct store_text key, struct bytes *value);
int store_set(struct store *store, struct store_text key, struct store_text value);
int store_delete(struct store *store, struct store_text key);

/* How many keys there are. */
size_t store_count(struct store *store);

#endif
