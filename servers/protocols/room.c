#include "servers/protocols/room.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "servers/protocols/shared.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

struct member {
    uint16_t name_length; /* 0: nobody is here */
    uint16_t waiting_bytes;
    uint32_t process;
    char name[ROOM_NAME_MAX];
};

/* The mailboxes apart from the members, or the search for a name would touch as many pages. */
struct hall {
    pthread_mutex_t lock;
    size_t most;   /* of them that may be taken */
    size_t places; /* those from here on were never taken */
    struct member members[ROOM_PLACES];
    char mailboxes[ROOM_PLACES][ROOM_MAILBOX_BYTES];
};

struct room {
    struct hall *hall;
    int bells[ROOM_BELLS];
};

_Static_assert(ROOM_MAILBOX_BYTES <= UINT16_MAX, "its bytes can be counted");

/*** Opening ***/

void room_close(struct room *room)
{
    if (room == NULL)
        return;
    if (room->hall != NULL)
        munmap(room->hall, sizeof *room->hall);
    for (size_t i = 0; i < ROOM_BELLS; i++)
        if (room->bells[i] >= 0)
            close(room->bells[i]);
    free(room);
}

struct room *room_open(size_t places)
{
    struct room *room = allocate(1, sizeof *room);
    room->hall = shared_map(sizeof *room->hall);
    bool is_whole = room->hall != NULL;
    for (size_t i = 0; i < ROOM_BELLS; i++) {
        room->bells[i] = is_whole ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1;
        is_whole &= room->bells[i] >= 0;
    }
    if (is_whole) {
        shared_lock_init(&room->hall->lock);
        room->hall->most = places;
        return room;
    }
    int error = errno;
    room_close(room);
    errno = error;
    return NULL;
}

/*** Members ***/

int room_bell(const struct room *room, int place)
{
    return room->bells[place % ROOM_BELLS];
}

static bool is_name(struct room_name name)
{
    bool is_right = name.length >= 1 && name.length <= ROOM_NAME_MAX;
    for (size_t i = 0; is_right && i < name.length; i++)
        is_right = isalnum((unsigned char)name.text[i]) ||
                   (name.text[i] != '\0' && strchr("-_.", name.text[i]) != NULL);
    return is_right;
}

/* The place of the member of this name, the first free one for a name of no letters; hall->places
 * if there is none. */
static size_t place_of(const struct hall *hall, struct room_name name)
{
    size_t place = 0;
    while (place < hall->places && (hall->members[place].name_length != name.length ||
                                    memcmp(hall->members[place].name, name.text, name.length) != 0))
        place++;
    return place;
}

static int enter(struct hall *hall, struct room_name name, size_t process)
{
    if (place_of(hall, name) < hall->places)
        return -EEXIST;
    size_t place = place_of(hall, (struct room_name){"", 0});
    if (place == hall->most)
        return -ENOSPC;
    struct member *member = &hall->members[place];
    *member = (struct member){.process = (uint32_t)process};
    memcpy(member->name, name.text, name.length);
    if (place == hall->places)
        hall->places++;
    member->name_length = (uint16_t)name.length;
    return (int)place;
}

int room_enter(struct room *room, struct room_name name, size_t process)
{
    if (!is_name(name))
        return -EINVAL;
    shared_lock(&room->hall->lock);
    int place = enter(room->hall, name, process);
    pthread_mutex_unlock(&room->hall->lock);
    return place;
}

void room_leave(struct room *room, int place)
{
    shared_lock(&room->hall->lock);
    room->hall->members[place].name_length = 0;
    pthread_mutex_unlock(&room->hall->lock);
}

void room_forget(struct room *room, size_t process)
{
    struct hall *hall = room->hall;
    shared_lock(&hall->lock);
    for (size_t i = 0; i < hall->places; i++)
        if (hall->members[i].process == process)
            hall->members[i].name_length = 0;
    pthread_mutex_unlock(&hall->lock);
}

void room_list(struct room *room, struct bytes *names)
{
    const struct hall *hall = room->hall;
    size_t left = ROOM_LIST_BYTES;
    size_t others = 0;
    shared_lock(&room->hall->lock);
    for (size_t i = 0; i < hall->places; i++) {
        const struct member *member = &hall->members[i];
        bool is_there = member->name_length > 0;
        bool fits = is_there && others == 0 && left > member->name_length;
        others += is_there && !fits;
        if (!fits)
            continue;
        bytes_print(names, " %.*s", (int)member->name_length, member->name);
        left -= 1 + (size_t)member->name_length;
    }
    pthread_mutex_unlock(&room->hall->lock);
    if (others > 0)
        bytes_print(names, " (+%zu)", others);
}

/*** Messages ***/

static int deliver(struct hall *hall, size_t place, const struct bytes *message, bool *was_empty)
{
    if (place == hall->places)
        return -ENOENT;
    struct member *member = &hall->members[place];
    if (message->length > ROOM_MAILBOX_BYTES - (size_t)member->waiting_bytes)
        return -ENOBUFS;
    *was_empty = member->waiting_bytes == 0;
    memcpy(hall->mailboxes[place] + member->waiting_bytes, bytes_front(message), message->length);
    member->waiting_bytes = (uint16_t)(member->waiting_bytes + message->length);
    return 0;
}

/* A mailbox that was not empty has been rung for already, and its owner is yet to look into it. */
int room_deliver(struct room *room, struct room_name name, const struct bytes *message)
{
    if (!is_name(name))
        return -ENOENT;
    bool was_empty = false;
    shared_lock(&room->hall->lock);
    size_t place = place_of(room->hall, name);
    int outcome = deliver(room->hall, place, message, &was_empty);
    pthread_mutex_unlock(&room->hall->lock);
    if (was_empty)
        eventfd_write(room_bell(room, (int)place), 1);
    return outcome;
}

void room_hear(struct room *room, int place, struct bytes *heard)
{
    struct member *member = &room->hall->members[place];
    shared_lock(&room->hall->lock);
    bytes_append(heard, room->hall->mailboxes[place], member->waiting_bytes);
    member->waiting_bytes = 0;
    pthread_mutex_unlock(&room->hall->lock);
}
