/* What has changed from one picture to the next, one change after the other. */
#ifndef WATCH_CHANGES_H
#define WATCH_CHANGES_H

#include "base/bytes.h"
#include "watch/picture.h"

enum change_kind {
    CHANGE_LISTENER,
    CHANGE_CLIENT,
    CHANGE_TASK,
    CHANGE_MODEL,
    CHANGE_SHORT_LIVED, /* connections that came and went between the two looks */
};

/* Of each pair, `before` is NULL for what has come and `now` for what has gone. */
struct change {
    enum change_kind kind;
    const struct picture *then;
    const struct picture *picture;
    const struct picture_listener *listener_before, *listener;
    const struct picture_client *client_before, *client;
    const struct picture_task *task_before, *task;
};

/* Calls `visit` with each change: listeners, then clients, then tasks, then the model. How many
 * there were. */
typedef void change_function(const struct change *change, void *context);
size_t changes_between(const struct picture *then, const struct picture *now,
                       change_function *visit, void *context);

/* Appends what has changed, in one sentence without a line feed; nothing if it is not worth one. */
void change_say(const struct change *change, struct bytes *text);

/* Writes what a task does: "sleeps in recvfrom on client 1". */
void task_say(const struct picture *picture, const struct picture_task *task, struct bytes *text);

/* The word for a stage, in the language that is spoken. */
const char *stage_word(enum recorded_stage stage);

/* "ESTABLISHED", or a dash for an end that is not there. */
const char *state_word(enum tcp_state state);

#endif
