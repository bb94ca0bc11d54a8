/* Theory of operation: the title takes two lines or some more, and the keys one. Of what is left,
 * what changed has at least a quarter; clients and tasks take what they want of the rest, and where
 * both want more than there is, clients have three parts and tasks two.
 */
#include "watch/draw.h"

#include "base/language.h"
#include "base/least.h"
#include "watch/draw_clients.h"
#include "watch/draw_tasks.h"

/* From so many rows on, there is room for all reasons. */
#define TALL 40

/*** Title and keys ***/

static void draw_title(struct drawing *drawing, const struct view *view,
                       const struct picture *picture)
{
    struct bytes row = {0};
    const struct picture_model *model = &picture->model;
    size_t waiting = 0, present = 0;
    for (size_t i = 0; i < picture->client_count; i++) {
        present += picture->clients[i].stage != STAGE_GONE;
        waiting += picture->clients[i].stage == STAGE_QUEUED ||
                   picture->clients[i].stage == STAGE_CONNECTING;
    }
    if (view->is_frozen)
        bytes_print(&row, _("FROZEN, %zu back   "), view->behind);
    bytes_print(&row, _("%zu clients, %zu wait   %.1f s"), present, waiting,
                (double)picture->t_ns / 1e9);
    if (!picture->is_consistent)
        bytes_print(&row, " %s", _("(in motion)"));
    for (size_t i = 0; i < picture->listener_count && i < 2; i++) {
        char address[ADDRESS_TEXT_BYTES];
        if (!picture->listeners[i].is_gone)
            bytes_print(&row, "   %s (%u/%u)",
                        address_text(&picture->listeners[i].address, address),
                        picture->listeners[i].queued, picture->listeners[i].backlog);
    }
    bytes_print(&row, "   ");
    draw_clean(&row, view->target);
    draw_line(drawing, view, TONE_TITLE, &row);
    if (model->name != NULL)
        bytes_print(&row, _("model %s: "), model->name);
    else
        bytes_print(&row, "%s", _("model "));
    bytes_print(&row, "%s", model->detail != NULL ? model->detail : "");
    for (size_t i = 0; i < model->because_count; i++)
        bytes_print(&row, "%s%s", i == 0 ? _("; because ") : "; ", model->because[i]);
    draw_wrapped(drawing, view, TONE_TITLE, &row, 2, view->rows >= TALL ? 5 : 3);
    bytes_release(&row);
}

static void draw_keys(struct drawing *drawing, const struct view *view)
{
    static const char *const sorts[SORTS] = {N_("arrival"), N_("stage"), N_("task"), N_("unread"),
                                             N_("requests")};
    static const char *const filters[FILTERS] = {N_("all"), N_("present"), N_("waiting")};
    draw_print(drawing, view, TONE_HEADING,
               _("q quit  s sort:%s  f %s  g group  space freeze  ←→ time  ↑↓⏎ row  h help"),
               _(sorts[view->sort]), _(filters[view->filter]));
}

/*** What changed ***/

/* Where its time ends. */
#define NOTE_INDENT 11

/* Is it one of those that are shown: of this client (0: any), up to the moment of the picture? */
static bool is_shown(const struct history_note *note, const struct picture *picture, int client)
{
    return note->t_ns <= picture->t_ns && (client == 0 || note->client == client);
}

static struct bytes note_text(const struct history_note *note)
{
    struct bytes text = {0};
    bytes_print(&text, "%9.3f  ", (double)note->t_ns / 1e9);
    draw_clean(&text, note->text);
    return text;
}

/* The latest ones that there is room for. */
static void draw_notes(struct drawing *drawing, const struct view *view,
                       const struct picture *picture, const struct history_note *notes,
                       size_t count, size_t room, int client)
{
    size_t left = room - 1, first = count;
    draw_print(drawing, view, TONE_HEADING, "%s", _("what changed"));
    for (bool fits = true; first > 0 && fits; first -= fits) {
        struct bytes text = note_text(&notes[first - 1]);
        size_t lines = is_shown(&notes[first - 1], picture, client)
                           ? draw_wrapped(NULL, view, TONE_PLAIN, &text, NOTE_INDENT, 3)
                           : 0;
        fits = lines <= left;
        left -= fits ? lines : 0;
        bytes_release(&text);
    }
    for (size_t i = first; i < count; i++) {
        struct bytes text = note_text(&notes[i]);
        if (is_shown(&notes[i], picture, client))
            draw_wrapped(drawing, view, TONE_PLAIN, &text, NOTE_INDENT, 3);
        bytes_release(&text);
    }
}

/*** Pages ***/

static void fill_up(struct drawing *drawing, const struct view *view, size_t lines)
{
    while (drawing->count < lines && drawing->count < view->rows)
        draw_print(drawing, view, TONE_PLAIN, "%s", "");
}

static void draw_help(struct drawing *drawing, const struct view *view)
{
    static const char *const lines[] = {
        N_("Above: the clients, one a row, and below one that waits, why it waits."),
        N_("  queued    in the accept queue: the kernel has it, no process has accepted it"),
        N_("  accepted  a process has it; nothing it sent has been read yet"),
        N_("  served    something it sent was read, or it was sent something"),
        N_("  gone      the server has closed it, or it is over"),
        N_("  state     of both ends, as netstat names them; one word where they are the same"),
        N_("  unr/uns   bytes the server has not read; bytes it has sent, not acknowledged yet"),
        N_("  req       how often something had come since the look before"),
        N_("In the middle: the threads, what each sleeps in and on whom, processor time."),
        N_("Below: what changed. What lies between two looks is not seen."),
        "",
        N_("s  sort by arrival, stage, task, unread bytes, requests"),
        N_("f  show all clients, those that are there, those that wait"),
        N_("g  one row for each kind of client, and of thread; and back"),
        N_("space  freeze the picture, or go on"),
        N_("← →    step back in time, and forward; Home: the oldest, End: the latest"),
        N_("↑ ↓    choose a client; Enter: its details, and back"),
        N_("h  this help, and back; q  quit"),
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        draw_print(drawing, view, TONE_PLAIN, "%s", _(lines[i]));
}

static void draw_details(struct drawing *drawing, const struct view *view,
                         const struct picture *picture, const struct history_note *notes,
                         size_t note_count)
{
    const struct picture_client *client = picture_find_client(picture, view->client);
    char own[ADDRESS_TEXT_BYTES], server[ADDRESS_TEXT_BYTES], age[16];
    if (client == NULL) {
        draw_print(drawing, view, TONE_PLAIN, "%s", _("no client is chosen"));
        return;
    }
    enum draw_tone tone = draw_tone_of(client);
    draw_print(drawing, view, TONE_HEADING, _("client %d"), client->id);
    draw_print(drawing, view, tone, _("from        %s to %s, since %s"),
               address_text(&client->client, own), address_text(&client->server, server),
               draw_age(age, picture->t_ns - client->since_ns));
    draw_print(drawing, view, tone, _("is          %s %s"), stage_word(client->stage), client->why);
    draw_print(drawing, view, tone, _("states      %s at the server, %s at the client"),
               state_word(client->server_state), state_word(client->client_state));
    draw_print(drawing, view, tone, _("held by     process %d, task %d (%s); inode %u"),
               (int)client->pid, (int)client->tid, client->owner, client->inode);
    draw_print(drawing, view, tone,
               _("bytes       %llu came, %u of them unread; %llu went, %u of them unsent"),
               (unsigned long long)client->came_bytes, client->unread_bytes,
               (unsigned long long)client->went_bytes, client->unsent_bytes);
    draw_print(drawing, view, tone, _("requests    %u, as far as looks tell"), client->requests);
    draw_print(drawing, view, TONE_PLAIN, "%s", "");
    draw_notes(drawing, view, picture, notes, note_count, view->rows - drawing->count - 1,
               client->id);
}

static void draw_picture(struct drawing *drawing, struct view *view, const struct picture *picture,
                         const struct history_note *notes, size_t note_count)
{
    size_t room = view->rows - drawing->count - 1;
    size_t for_notes = room / 4 > 3 ? room / 4 : 3;
    size_t both = room - for_notes;
    size_t clients = draw_clients_wanted(view, picture), tasks = draw_tasks_wanted(picture);
    if (clients + tasks > both) {
        size_t part = both * 2 / 5;
        tasks = clients < both - part ? both - clients : least(tasks, part > 2 ? part : 2);
        clients = both - tasks;
    }
    size_t first = drawing->count;
    draw_clients(drawing, view, picture, clients);
    fill_up(drawing, view, first + clients);
    draw_tasks(drawing, view, picture, tasks);
    fill_up(drawing, view, first + clients + tasks);
    draw_notes(drawing, view, picture, notes, note_count, view->rows - drawing->count - 1, 0);
}

/* Less than this cannot show three parts. */
#define ROWS_LEAST    10
#define COLUMNS_LEAST 40

void draw(struct drawing *drawing, struct view *view, const struct picture *picture,
          const struct history_note *notes, size_t note_count)
{
    drawing_release(drawing);
    if (view->rows < ROWS_LEAST || view->columns < COLUMNS_LEAST) {
        draw_print(drawing, view, TONE_PLAIN, "%s", _("too small: make it 80×24"));
        return;
    }
    draw_title(drawing, view, picture);
    if (view->page == PAGE_HELP)
        draw_help(drawing, view);
    else if (view->page == PAGE_DETAILS)
        draw_details(drawing, view, picture, notes, note_count);
    else
        draw_picture(drawing, view, picture, notes, note_count);
    fill_up(drawing, view, view->rows - 1);
    draw_keys(drawing, view);
}
