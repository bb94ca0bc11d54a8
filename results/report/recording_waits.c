#include "results/report/recording_waits.h"

#include "base/language.h"
#include "base/memory.h"
#include "results/page/html.h"

#include <math.h>
#include <stdlib.h>

#define ROWS_MAX 100

/* NAN: it has not come to that. */
struct story {
    double came_ns;
    double accepted_ns;
    double answered_ns;
    double gone_ns;
    const struct recorded_client *last;
    struct recorded_owner owner; /* the last one */
};

static void note_first(double *moment, int64_t t_ns)
{
    if (isnan(*moment))
        *moment = (double)t_ns;
}

static void take_row(struct story *story, const struct recorded_client *client, int64_t t_ns)
{
    story->last = client;
    note_first(&story->came_ns, t_ns);
    if (client->stage >= STAGE_ACCEPTED && client->stage != STAGE_GONE)
        note_first(&story->accepted_ns, t_ns);
    if (client->stage == STAGE_SERVED)
        note_first(&story->answered_ns, t_ns);
    if (client->stage == STAGE_GONE)
        note_first(&story->gone_ns, t_ns);
    if (client->owner.pid != 0)
        story->owner = client->owner;
}

static struct story *read_stories(const struct recorded *recorded,
                                  const struct recorded_group *clients)
{
    struct story *stories = allocate(clients->count + 1, sizeof stories[0]);
    for (size_t i = 0; i < clients->count; i++)
        stories[i] = (struct story){NAN, NAN, NAN, NAN, .last = NULL};
    for (size_t i = 0; i < recorded->count; i++) {
        const struct recorded_change *change = &recorded->changes[i];
        if (change->kind != RECORDED_CLIENT)
            continue;
        const struct recorded_person *person = recorded_person_find(clients, change->client.id);
        take_row(&stories[person - clients->people], &change->client, change->t_ns);
    }
    return stories;
}

/* From one moment to another. */
static void append_span(struct bytes *out, double from_ns, double to_ns)
{
    html_cell_number(out, UNIT_NANOSECONDS, to_ns - from_ns, NAN);
}

static void append_row(struct bytes *out, const struct recorded_people *people,
                       const struct story *story)
{
    char *name = recorded_client_name(people, story->last->id);
    html_row_begin(out, name);
    free(name);
    html_cell_text(out, story->last->client);
    html_cell_number(out, UNIT_NANOSECONDS, story->came_ns, NAN);
    append_span(out, story->came_ns, story->accepted_ns);
    append_span(out, story->came_ns, story->answered_ns);
    append_span(out, story->came_ns, story->gone_ns);
    if (story->owner.pid != 0)
        html_print(out, "<td class=\"words\">%s", story->owner.name);
    else
        html_print(out, "<td class=\"words\">%s", _("nobody"));
    if (story->owner.pid != 0)
        bytes_print(out, " %d", story->owner.tid != 0 ? story->owner.tid : story->owner.pid);
    bytes_print(out, "</td>");
    bytes_print(out, "<td>%lld</td>", (long long)story->last->requests);
    html_row_end(out);
}

static void append_rest(struct bytes *out, size_t count)
{
    if (count == 0)
        return;
    bytes_print(out, "<p class=\"about\">");
    bytes_print(out, _("%zu more clients are omitted."), count);
    bytes_print(out, "</p>\n");
}

void recording_waits(struct bytes *out, const struct recorded *recorded,
                     const struct recorded_people *people)
{
    const char *headings[] = {_("client"),         _("from"),           _("came at"),
                              _("accepted after"), _("answered after"), _("gone after"),
                              _("served by"),      _("requests"),       NULL};
    size_t count = people->clients.count;
    if (count == 0)
        return;
    struct story *stories = read_stories(recorded, &people->clients);
    bytes_print(out, "<div class=\"waits\">\n");
    html_table_begin(out, _("Clients, and how long each waited"), headings);
    for (size_t i = 0; i < count && i < ROWS_MAX; i++)
        append_row(out, people, &stories[i]);
    html_table_end(out);
    bytes_print(out, "</div>\n");
    append_rest(out, count > ROWS_MAX ? count - ROWS_MAX : 0);
    free(stories);
}
