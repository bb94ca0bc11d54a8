/* Who is in a chat, and what each of them has yet to hear: the same for all threads and processes
 * of the server.
 *
 * It lies in memory that is shared with child processes. Each member has a place and a mailbox in
 * it; whoever delivers into an empty mailbox rings the bell of its owner, an eventfd that was made
 * before any child and is never read: each ring is an edge to the epoll instances that it is in.
 * There are ROOM_BELLS bells, and members share them, so a bell may ring for somebody else: one
 * for each member would cost as many descriptors as there may ever be clients.
 *
 * A mailbox that has no room refuses the message, and whoever speaks is told; so what a member that
 * does not listen costs has a bound, nobody waits for it, and what was confirmed will be heard. (A
 * common log of all messages was thought of. Whoever fills it must wait for the slowest, or cut it
 * off.)
 *
 * A name is looked for among all members, one by one. A process that dies within the lock leaves a
 * room that is whole: lengths are written last.
 */
#ifndef SERVERS_PROTOCOLS_ROOM_H
#define SERVERS_PROTOCOLS_ROOM_H

#include <stddef.h>

#define ROOM_PLACES        16384
#define ROOM_NAME_MAX      32
#define ROOM_MAILBOX_BYTES 32768
#define ROOM_BELLS         16
#define ROOM_LIST_BYTES    4096

struct bytes;
struct room;

struct room_name {
    const char *text; /* not ended by a NUL */
    size_t length;
};

/* Opens an empty room for `places` members, at most ROOM_PLACES. NULL, with errno, if there is no
 * memory, or are no descriptors for it. */
struct room *room_open(size_t places);
void room_close(struct room *room);

/* Lets somebody in that process number `process` of the server serves. Its place; -EEXIST if the
 * name is taken, -EINVAL if it is none: 1 to ROOM_NAME_MAX letters, digits and any of "-_.";
 * -ENOSPC if the room is full. */
int room_enter(struct room *room, struct room_name name, size_t process);
void room_leave(struct room *room, int place);

/* Lets all leave that this process has served. */
void room_forget(struct room *room, size_t process);

/* Puts `message` into the mailbox of the member of this name. 0; -ENOENT if there is none,
 * -ENOBUFS if it has no room. */
int room_deliver(struct room *room, struct room_name name, const struct bytes *message);

/* Moves all that the mailbox holds to the end of `heard`. */
void room_hear(struct room *room, int place, struct bytes *heard);

/* The bell of a place. */
int room_bell(const struct room *room, int place);

/* Appends the names of all, a blank before each, as long as they fit into ROOM_LIST_BYTES; then
 * " (+N)" for the N others. */
void room_list(struct room *room, struct bytes *names);

#endif
