#include "results/report/recorded_marks.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "results/report/recorded_clients.h"
#include "results/report/recorded_tasks.h"

#include <stdlib.h>

#define TOGETHER_NS NS_PER_MS

const char *recorded_ending_text(enum recorded_ending why)
{
    static const char *const words[] = {
        [ENDED_EXITED] = N_("the program has ended"),
        [ENDED_INTERRUPTED] = N_("the recording was ended by hand"),
        [ENDED_UNTIL] = N_("what was to be recorded has come"),
        [ENDED_PARTIAL] = N_("the recording is a part of a longer one"),
    };
    return _(words[why]);
}

char *recorded_model_text(const struct recorded_model *model)
{
    struct bytes out = {0};
    if (model->model == NULL)
        return NULL;
    bytes_print(&out, "%s", model->model);
    if (model->detail != NULL)
        bytes_print(&out, ": %s", model->detail);
    for (size_t i = 0; model->because != NULL && model->because[i] != NULL; i++)
        bytes_print(&out, "%s%s", i == 0 ? _("; because ") : "; ", model->because[i]);
    return bytes_take_text(&out);
}

/* Notes that follow on each other are one. The text is the sequence's from now on; NULL: none. */
static void add_note(struct sequence *sequence, int64_t t_ns, char *text)
{
    struct sequence_mark *last = sequence->count > 0 ? &sequence->marks[sequence->count - 1] : NULL;
    if (text != NULL && last != NULL && last->kind == MARK_NOTE &&
        t_ns - last->t_ns < TOGETHER_NS) {
        char *both = text_of("%s · %s", last->label, text);
        free(last->label);
        free(last->detail);
        free(text);
        last->label = both;
        last->detail = text_of("%s", both);
    } else if (text != NULL)
        sequence_add(sequence, &(struct sequence_mark){.kind = MARK_NOTE,
                                                       .t_ns = t_ns,
                                                       .label = text,
                                                       .detail = text_of("%s", text)});
}

static void add_change(struct sequence *sequence, struct recorded_people *people,
                       const struct recorded_change *change, bool was_there)
{
    switch (change->kind) {
    case RECORDED_LISTENER:
        recorded_listener_mark(sequence, people, &change->listener, change->t_ns);
        break;
    case RECORDED_CLIENT:
        recorded_client_mark(sequence, people, &change->client, change->t_ns, was_there);
        break;
    case RECORDED_TASK:
        recorded_task_mark(sequence, people, &change->task, change->t_ns);
        break;
    case RECORDED_BYTES:
        recorded_bytes_mark(sequence, people, &change->bytes, change->t_ns);
        break;
    case RECORDED_MODEL:
        add_note(sequence, change->t_ns, recorded_model_text(&change->model));
        break;
    case RECORDED_NOTE:
        add_note(sequence, change->t_ns, text_of("%s", change->note.text));
        break;
    case RECORDED_END:
        add_note(sequence, change->t_ns, text_of("%s", recorded_ending_text(change->end.why)));
        break;
    case RECORDED_LOST: /* who reads is told how many (recording_page.c) */
    case RECORDED_PACKET:
        break; /* what they have led to is shown */
    }
}

void recorded_marks(struct sequence *sequence, struct recorded_people *people,
                    const struct recorded *recorded)
{
    recorded_people_init(people, recorded, sequence);
    for (size_t i = 0; i < recorded->count; i++)
        add_change(sequence, people, &recorded->changes[i],
                   recorded->changes[i].t_ns == recorded->changes[0].t_ns);
    sequence_finish(sequence);
}
