#include "watch/draw_clients.h"

#include "base/language.h"
#include "base/least.h"
#include "base/memory.h"
#include "watch/changes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From so many columns on, why a client waits stands in its row, not below it. */
#define WIDE 130

/*** Which of them, in which order ***/

static bool passes(enum draw_filter filter, const struct picture_client *client)
{
    switch (filter) {
    case FILTER_PRESENT:
        return client->stage != STAGE_GONE;
    case FILTER_WAITING:
        return client->why[0] != '\0';
    default:
        return true;
    }
}

static int compare_numbers(uint64_t left, uint64_t right)
{
    return (left > right) - (left < right);
}

static int by_sort(const void *left, const void *right, void *sort)
{
    const struct picture_client *a = *(const struct picture_client *const *)left;
    const struct picture_client *b = *(const struct picture_client *const *)right;
    int order = 0;
    switch (*(enum draw_sort *)sort) {
    case SORT_STAGE:
        order = compare_numbers(a->stage, b->stage);
        break;
    case SORT_OWNER:
        order = compare_numbers((uint64_t)a->tid, (uint64_t)b->tid);
        break;
    case SORT_UNREAD:
        order = compare_numbers(b->unread_bytes, a->unread_bytes);
        break;
    case SORT_REQUESTS:
        order = compare_numbers(b->requests, a->requests);
        break;
    default: /* those that have gone stand last */
        order = compare_numbers(a->stage == STAGE_GONE, b->stage == STAGE_GONE);
        break;
    }
    return order != 0 ? order : a->id - b->id;
}

/* An array to be freed. */
static const struct picture_client **choose(const struct view *view, const struct picture *picture,
                                            size_t *count)
{
    const struct picture_client **chosen = allocate(picture->client_count + 1, sizeof(void *));
    enum draw_sort sort = view->sort;
    *count = 0;
    for (size_t i = 0; i < picture->client_count; i++)
        if (passes(view->filter, &picture->clients[i]))
            chosen[(*count)++] = &picture->clients[i];
    qsort_r(chosen, *count, sizeof(void *), by_sort, &sort);
    return chosen;
}

/*** One row each ***/

enum draw_tone draw_tone_of(const struct picture_client *client)
{
    if (client->stage == STAGE_GONE)
        return TONE_GONE;
    return client->why[0] != '\0'          ? TONE_WAITS
           : client->stage == STAGE_SERVED ? TONE_SERVED
                                           : TONE_PLAIN;
}

void draw_states(struct bytes *text, const struct picture_client *client)
{
    if (client->server_state == client->client_state || client->client_state == 0)
        bytes_print(text, "%s", state_word(client->server_state));
    else
        bytes_print(text, "%s/%s", state_word(client->server_state),
                    state_word(client->client_state));
}

static size_t address_letters(const struct picture_client **clients, size_t count)
{
    size_t most = 10;
    char text[ADDRESS_TEXT_BYTES];
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(address_text(&clients[i]->client, text));
        most = length > most ? length : most;
    }
    return least(most, 22);
}

static void append_by(struct bytes *text, const struct view *view,
                      const struct picture_client *client)
{
    bool is_wide = view->columns >= 100;
    if (client->tid != 0)
        draw_cell(text, is_wide ? 18 : 7, is_wide ? "%d %s" : "%d", (int)client->tid,
                  client->owner);
    else if (client->pid != 0)
        draw_cell(text, is_wide ? 18 : 7, is_wide ? "(%d) %s" : "(%d)", (int)client->pid,
                  client->owner);
    else
        draw_cell(text, is_wide ? 18 : 7, "-");
}

static void draw_client(struct drawing *drawing, const struct view *view,
                        const struct picture *picture, const struct picture_client *client,
                        size_t letters)
{
    char text[ADDRESS_TEXT_BYTES];
    char age[16];
    struct bytes row = {0}, states = {0};
    draw_states(&states, client);
    draw_cell(&row, 4, "%d", client->id);
    draw_cell(&row, letters, "%s", address_text(&client->client, text));
    draw_cell(&row, 5, "%s", draw_age(age, picture->t_ns - client->since_ns));
    draw_cell(&row, 10, "%s", stage_word(client->stage));
    draw_cell(&row, 21, "%.*s", (int)states.length, bytes_front(&states));
    append_by(&row, view, client);
    snprintf(text, sizeof text, "%u/%u", client->unread_bytes, client->unsent_bytes);
    draw_cell(&row, 7, "%s", text);
    draw_cell(&row, 3, "%u", client->requests);
    if (view->columns >= WIDE && client->why[0] != '\0')
        bytes_print(&row, "%s", client->why);
    bytes_release(&states);
    draw_line(drawing, view, draw_tone_of(client), &row);
    if (view->columns < WIDE && client->why[0] != '\0')
        draw_print(drawing, view, draw_tone_of(client), "     %s", client->why);
}

static void draw_client_headings(struct drawing *drawing, const struct view *view, size_t letters)
{
    struct bytes row = {0};
    draw_cell(&row, 4, "%s", _("no."));
    draw_cell(&row, letters, "%s", _("client"));
    draw_cell(&row, 5, "%s", _("since"));
    draw_cell(&row, 10, "%s", _("is"));
    draw_cell(&row, 21, "%s", _("state server/client"));
    draw_cell(&row, view->columns >= 100 ? 18 : 7, "%s", _("task"));
    draw_cell(&row, 7, "%s", _("unr/uns"));
    draw_cell(&row, 3, "%s", _("req"));
    draw_line(drawing, view, TONE_HEADING, &row);
}

static size_t lines_of(const struct view *view, const struct picture_client *client)
{
    return view->columns < WIDE && client->why[0] != '\0' ? 2 : 1;
}

/* The first row that is shown, so that the selected one is seen. */
static size_t first_shown(const struct view *view, const struct picture_client **clients,
                          size_t room)
{
    size_t first = view->selected;
    size_t used = lines_of(view, clients[first]);
    while (first > 0 && used + lines_of(view, clients[first - 1]) <= room)
        used += lines_of(view, clients[--first]);
    return first;
}

static void draw_each(struct drawing *drawing, struct view *view, const struct picture *picture,
                      const struct picture_client **clients, size_t count, size_t room)
{
    size_t letters = address_letters(clients, count);
    draw_client_headings(drawing, view, letters);
    room--;
    view->selected = count == 0 ? 0 : least(view->selected, count - 1);
    view->client = count == 0 ? 0 : clients[view->selected]->id;
    size_t first = count == 0 ? 0 : first_shown(view, clients, room > 1 ? room - 1 : room);
    for (size_t i = first; i < count; i++) {
        bool is_last = i + 1 == count;
        if (lines_of(view, clients[i]) + !is_last > room) {
            draw_print(drawing, view, TONE_HEADING, _("     and %zu more clients"), count - i);
            return;
        }
        room -= lines_of(view, clients[i]);
        size_t line = drawing->count;
        draw_client(drawing, view, picture, clients[i], letters);
        for (; line < drawing->count; line++)
            drawing->lines[line].is_selected = i == view->selected;
    }
}

/*** Groups ***/

struct group {
    const struct picture_client *example;
    size_t count;
    uint64_t unread_bytes;
    uint64_t requests;
};

static bool is_of(const struct group *group, const struct picture_client *client)
{
    const struct picture_client *example = group->example;
    return example->stage == client->stage && example->server_state == client->server_state &&
           example->client_state == client->client_state &&
           (example->pid == client->pid || client->pid == 0);
}

/* An array to be freed. */
static struct group *group_clients(const struct picture_client **clients, size_t count,
                                   size_t *group_count)
{
    struct group *groups = NULL;
    *group_count = 0;
    for (size_t i = 0; i < count; i++) {
        size_t g = 0;
        while (g < *group_count && !is_of(&groups[g], clients[i]))
            g++;
        if (g == *group_count) {
            groups = grow_by_one(groups, *group_count, sizeof *groups);
            groups[(*group_count)++] = (struct group){.example = clients[i]};
        }
        groups[g].count++;
        groups[g].unread_bytes += clients[i]->unread_bytes;
        groups[g].requests += clients[i]->requests;
    }
    return groups;
}

static void draw_group(struct drawing *drawing, const struct view *view, const struct group *group)
{
    struct bytes row = {0}, states = {0};
    const struct picture_client *example = group->example;
    draw_states(&states, example);
    draw_cell(&row, 6, "%zu", group->count);
    draw_cell(&row, 10, "%s", stage_word(example->stage));
    draw_cell(&row, 21, "%.*s", (int)states.length, bytes_front(&states));
    bytes_release(&states);
    if (example->pid != 0)
        draw_cell(&row, 20, "%d %s", (int)example->pid, example->owner);
    else
        draw_cell(&row, 20, "-");
    draw_cell(&row, 9, "%llu", (unsigned long long)group->unread_bytes);
    draw_cell(&row, 8, "%llu", (unsigned long long)group->requests);
    draw_line(drawing, view, draw_tone_of(example), &row);
    if (example->why[0] != '\0')
        draw_print(drawing, view, draw_tone_of(example), "       %s", example->why);
}

static void draw_groups(struct drawing *drawing, struct view *view,
                        const struct picture_client **clients, size_t count, size_t room)
{
    size_t group_count = 0;
    struct group *groups = group_clients(clients, count, &group_count);
    struct bytes row = {0};
    size_t end = drawing->count + room;
    draw_cell(&row, 6, "%s", _("many"));
    draw_cell(&row, 10, "%s", _("are"));
    draw_cell(&row, 21, "%s", _("state server/client"));
    draw_cell(&row, 20, "%s", _("process"));
    draw_cell(&row, 9, "%s", _("unread"));
    draw_cell(&row, 8, "%s", _("requests"));
    draw_line(drawing, view, TONE_HEADING, &row);
    for (size_t i = 0; i < group_count && drawing->count < end; i++)
        draw_group(drawing, view, &groups[i]);
    while (drawing->count > end)
        free(drawing->lines[--drawing->count].text);
    view->client = 0;
    free(groups);
}

/*** Clients ***/

static bool is_grouped(const struct view *view, size_t count)
{
    return view->is_grouped || count > GROUPED_FROM;
}

size_t draw_clients_wanted(const struct view *view, const struct picture *picture)
{
    size_t count = 0;
    size_t lines = 1;
    const struct picture_client **clients = choose(view, picture, &count);
    if (is_grouped(view, count)) {
        size_t group_count = 0;
        struct group *groups = group_clients(clients, count, &group_count);
        for (size_t i = 0; i < group_count; i++)
            lines += groups[i].example->why[0] != '\0' ? 2 : 1;
        free(groups);
    } else {
        for (size_t i = 0; i < count; i++)
            lines += lines_of(view, clients[i]);
    }
    free(clients);
    return lines;
}

void draw_clients(struct drawing *drawing, struct view *view, const struct picture *picture,
                  size_t room)
{
    size_t count = 0;
    const struct picture_client **clients = choose(view, picture, &count);
    if (is_grouped(view, count))
        draw_groups(drawing, view, clients, count, room);
    else
        draw_each(drawing, view, picture, clients, count, room);
    free(clients);
}
