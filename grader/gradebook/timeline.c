/* What was played becomes a sequence diagram: what a client says is an arrow to the task that was
 * seen to wait on its connection, or to the submission where none was; what it is answered one
 * back. A wait is a bar on the lane of its task, from its beginning to when it was last seen. The
 * state of a client's own end follows from what it has done; what the other end was in is in no
 * document.
 */
#include "grader/gradebook/timeline.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/gradebook/graded_text.h"
#include "grader/gradebook/timeline_cast.h"
#include "results/sequence/sequence_picture.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_DRAWN ((size_t)1000)

struct drawing {
    struct sequence sequence;
    struct timeline_cast cast;
};

/*** Waits ***/

static enum sequence_look look_of_call(const char *call)
{
    static const char *const ready[] = {"epoll", "poll", "ppoll", "select", "pselect"};
    if (strncmp(call, "accept", strlen("accept")) == 0)
        return LOOK_ON_DOOR;
    for (size_t i = 0; i < sizeof ready / sizeof ready[0]; i++)
        if (strncmp(call, ready[i], strlen(ready[i])) == 0)
            return LOOK_ON_CLIENTS;
    return LOOK_ON_OTHER;
}

/* "recvfrom on client 1" in two lines: the call, and whom it waits for. */
static char *label_of_wait(const struct drawing *drawing, const char *text, size_t waits_for)
{
    size_t call_length = strcspn(text, " ");
    bool is_one_word = text[call_length] == '\0';
    const char *whom = is_one_word ? "" : text + call_length + 1;
    if (waits_for != SEQUENCE_NO_MARK)
        whom = drawing->sequence.lanes[waits_for].name;
    return text_of("%.*s%s%s", (int)call_length, text, is_one_word ? "" : "\n", whom);
}

static void add_wait(struct drawing *drawing, const json_t *event)
{
    struct timeline_actor *task = timeline_actor_of(&drawing->cast, event);
    char *text = graded_text(json_object_get(event, "text"), SANITISE_STRING);
    char *action = graded_text(json_object_get(event, "action"), SANITISE_STRING);
    task->waits_for = timeline_lane_awaited(&drawing->cast, text);
    task->wait = sequence_add(
        &drawing->sequence,
        &(struct sequence_mark){
            .kind = MARK_DOES,
            .lane = task->lane,
            .look = task->waits_for != SEQUENCE_NO_MARK ? LOOK_ON_CLIENT : look_of_call(text),
            .t_ns = timeline_moment(event, "t_ms"),
            .label = label_of_wait(drawing, text, task->waits_for),
            .detail = text_of(_("%s: %s"), action, text),
        });
    sequence_end_mark(&drawing->sequence, task->wait, timeline_moment(event, "until_ms"));
    free(action);
    free(text);
}

/* Of the task that was last seen to wait on this client, or of the submission. */
static size_t other_lane(const struct drawing *drawing, const struct timeline_actor *client)
{
    size_t lane = drawing->cast.door;
    size_t latest = 0;
    for (size_t i = 0; i < drawing->cast.task_count; i++) {
        const struct timeline_actor *task = &drawing->cast.tasks[i];
        if (task->wait != SEQUENCE_NO_MARK && task->waits_for == client->lane &&
            task->wait >= latest) {
            lane = task->lane;
            latest = task->wait;
        }
    }
    return lane;
}

/*** Deeds ***/

static void set_state(struct drawing *drawing, struct timeline_actor *client,
                      enum sequence_look look, const char *state, int64_t t_ns)
{
    sequence_end_mark(&drawing->sequence, client->state, t_ns);
    client->state = SEQUENCE_NO_MARK;
    if (state != NULL)
        client->state =
            sequence_add(&drawing->sequence, &(struct sequence_mark){
                                                 .kind = MARK_STATE,
                                                 .lane = client->lane,
                                                 .look = look,
                                                 .t_ns = t_ns,
                                                 .label = text_of("%s", state),
                                                 .detail = text_of(_("its end: %s"), state),
                                             });
}

/* What TCP makes of its own end. */
static void follow_state(struct drawing *drawing, struct timeline_actor *client,
                         enum timeline_deed deed, int64_t t_ns)
{
    bool is_open = client->state != SEQUENCE_NO_MARK &&
                   drawing->sequence.marks[client->state].look == LOOK_ESTABLISHED;
    if (deed == DEED_CONNECTS)
        set_state(drawing, client, LOOK_ESTABLISHED, "ESTABLISHED", t_ns);
    else if (deed == DEED_ENDS && is_open)
        set_state(drawing, client, LOOK_ENDING, _("closed"), t_ns);
    else if (deed == DEED_SEES_END && is_open)
        set_state(drawing, client, LOOK_HALF, "CLOSE_WAIT", t_ns);
    else if (deed == DEED_CLOSES || deed == DEED_IS_RESET || deed == DEED_SEES_END)
        set_state(drawing, client, LOOK_OVER, NULL, t_ns);
}

static struct sequence_mark arrow_of(const struct drawing *drawing,
                                     const struct timeline_actor *client, enum timeline_deed deed)
{
    bool comes = deed == DEED_ANSWERED || deed == DEED_SEES_END || deed == DEED_IS_RESET;
    bool is_end =
        deed == DEED_ENDS || deed == DEED_CLOSES || deed == DEED_SEES_END || deed == DEED_IS_RESET;
    size_t other = deed == DEED_CONNECTS ? drawing->cast.door : other_lane(drawing, client);
    return (struct sequence_mark){
        .kind = deed == DEED_OTHER || deed == DEED_OF_CLIENT ? MARK_DEED : MARK_ARROW,
        .lane = comes ? other : client->lane,
        .to = comes ? client->lane : other,
        .look = is_end ? LOOK_ENDING : LOOK_PLAIN,
    };
}

static void add_deed(struct drawing *drawing, const json_t *event)
{
    struct timeline_actor *actor = timeline_actor_of(&drawing->cast, event);
    enum timeline_deed deed = actor->is_client ? timeline_deed_of(event) : DEED_OTHER;
    struct sequence_mark mark = arrow_of(drawing, actor, deed);
    char *text = graded_text(json_object_get(event, "text"), SANITISE_STRING);
    char *action = graded_text(json_object_get(event, "action"), SANITISE_STRING);
    /* Where the lane does not say who it was: what comes stands on that of the submission. */
    bool is_said = mark.lane == actor->lane && actor != &drawing->cast.rest;
    char *who =
        is_said ? text_of("%s", "") : graded_text(json_object_get(event, "actor"), SANITISE_STRING);
    const char *colon = text[0] != '\0' ? _(": ") : "";
    mark.t_ns = timeline_moment(event, "t_ms");
    mark.label = mark.kind == MARK_ARROW && text[0] != '\0'
                     ? text_of("%s", text)
                     : text_of("%s%s%s", action, colon, text);
    mark.detail =
        text_of("%s%s%s%s%s", who != NULL ? who : "", who != NULL ? " " : "", action, colon, text);
    sequence_add(&drawing->sequence, &mark);
    follow_state(drawing, actor, deed, mark.t_ns);
    free(who);
    free(action);
    free(text);
}

/*** The figure ***/

/* Takes the sentence. */
static void append_omitted(struct bytes *out, char *sentence, json_int_t count)
{
    if (count > 0)
        bytes_print(out, "<p>%s</p>\n", sentence);
    free(sentence);
}

static void append_left_out(struct bytes *out, const json_t *left_out, size_t events)
{
    json_int_t tasks = json_integer_value(json_object_get(left_out, "tasks"));
    json_int_t waits = json_integer_value(json_object_get(left_out, "waits"));
    append_omitted(out, text_of(_("%zu more events are omitted."), events), (json_int_t)events);
    append_omitted(out, text_of(_("%lld more threads or processes are omitted."), (long long)tasks),
                   tasks);
    append_omitted(out, text_of(_("%lld more waits are omitted."), (long long)waits), waits);
}

void timeline(const json_t *events, const json_t *left_out, size_t number, struct bytes *out)
{
    struct drawing drawing = {0};
    size_t count = json_array_size(events);
    size_t drawn = count < EVENTS_DRAWN ? count : EVENTS_DRAWN;
    if (count == 0)
        return;
    timeline_cast_init(&drawing.cast, events, drawn, &drawing.sequence);
    for (size_t i = 0; i < drawn; i++) {
        const json_t *event = json_array_get(events, i);
        if (timeline_is_wait(event))
            add_wait(&drawing, event);
        else
            add_deed(&drawing, event);
    }
    sequence_finish(&drawing.sequence);
    bytes_print(out, "<figure class=\"timeline\">\n<figcaption>%s</figcaption>\n",
                drawing.cast.task_count > 0 ? _("What was played, and where the program waited")
                                            : _("What was played"));
    sequence_picture(out, &drawing.sequence, number);
    append_left_out(out, left_out, count - drawn);
    bytes_print(out, "</figure>\n");
    timeline_cast_release(&drawing.cast);
    sequence_release(&drawing.sequence);
}
