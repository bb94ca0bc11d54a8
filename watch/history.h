/* What was seen is kept, so that one can step back in time: pictures that differ from the one
 * before, and what changed in words. The oldest are forgotten. */
#ifndef WATCH_HISTORY_H
#define WATCH_HISTORY_H

#include "watch/changes.h"

#define HISTORY_BYTES_MAX ((size_t)64 << 20)
#define HISTORY_NOTES_MAX ((size_t)2000)

struct history_note {
    int64_t t_ns;
    char *text;
    int client; /* whom it is about; 0: no client */
};

struct history {
    struct picture *pictures; /* the oldest first; the last is the latest */
    size_t count;
    size_t bytes;
    struct history_note *notes;
    size_t note_count;
};

void history_init(struct history *history);

/* Keeps a note of a change that is worth a sentence. */
void history_note(struct history *history, const struct change *change);

/* Keeps a copy of the picture; in the place of the latest one if nothing has changed since. True if
 * that makes one more. */
bool history_add(struct history *history, const struct picture *picture, size_t changes);

void history_release(struct history *history);

#endif
