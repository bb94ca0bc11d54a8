#include "watch/history.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void history_init(struct history *history)
{
    *history = (struct history){0};
}

static void forget_notes(struct history *history, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(history->notes[i].text);
    history->note_count -= count;
    if (history->note_count > 0)
        memmove(history->notes, history->notes + count,
                history->note_count * sizeof *history->notes);
}

void history_note(struct history *history, const struct change *change)
{
    struct bytes text = {0};
    change_say(change, &text);
    if (text.length == 0) {
        bytes_release(&text);
        return;
    }
    if (history->note_count == HISTORY_NOTES_MAX)
        forget_notes(history, HISTORY_NOTES_MAX / 2);
    history->notes = grow_by_one(history->notes, history->note_count, sizeof *history->notes);
    history->notes[history->note_count++] = (struct history_note){
        .t_ns = change->picture->t_ns,
        .text = bytes_take_text(&text),
        .client = change->kind == CHANGE_CLIENT && change->client != NULL ? change->client->id : 0,
    };
}

static void forget_oldest(struct history *history)
{
    size_t count = 0;
    while (history->bytes > HISTORY_BYTES_MAX / 2 && count + 1 < history->count) {
        history->bytes -= picture_bytes(&history->pictures[count]);
        picture_release(&history->pictures[count++]);
    }
    history->count -= count;
    memmove(history->pictures, history->pictures + count,
            history->count * sizeof *history->pictures);
}

bool history_add(struct history *history, const struct picture *picture, size_t changes)
{
    bool replaces = changes == 0 && history->count > 0;
    if (replaces) {
        struct picture *last = &history->pictures[history->count - 1];
        history->bytes -= picture_bytes(last);
        picture_release(last);
        history->count--;
    }
    if (history->bytes > HISTORY_BYTES_MAX)
        forget_oldest(history);
    history->pictures = grow_by_one(history->pictures, history->count, sizeof *history->pictures);
    picture_copy(&history->pictures[history->count++], picture);
    history->bytes += picture_bytes(picture);
    return !replaces;
}

void history_release(struct history *history)
{
    for (size_t i = 0; i < history->count; i++)
        picture_release(&history->pictures[i]);
    free(history->pictures);
    forget_notes(history, history->note_count);
    free(history->notes);
    *history = (struct history){0};
}
