#include "results/report/recording_page.h"

#include "base/embed.h"
#include "base/language.h"
#include "base/memory.h"
#include "results/document/document.h"
#include "results/page/html.h"
#include "results/report/recorded_marks.h"
#include "results/report/recorded_parts.h"
#include "results/report/recording_waits.h"
#include "results/sequence/sequence_picture.h"
#include "text/html_page.h"
#include "text/json_field.h"
#include "text/number.h"
#include "text/sanitise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

EMBED(recording_style, PROCTOR_SOURCES "/results/report/report.css");

#define PARTS_PLACES 100 /* figures of one recording have numbers from here on */

/*** What was looked at ***/

static void append_command(struct bytes *out, const struct recorded_target *target)
{
    if (target->command == NULL)
        return;
    bytes_print(out, "<br/><code>");
    for (size_t i = 0; target->command[i] != NULL; i++)
        html_print(out, i > 0 ? " %s" : "%s", target->command[i]);
    bytes_print(out, "</code>");
}

static void append_about(struct bytes *out, const struct recorded *recorded)
{
    const json_t *machine = json_object_get(recorded->header, "machine");
    html_print(out, "<p class=\"about\">%s, %s, %s", recorded->started,
               field_text(machine, "cpu_model"), field_text(machine, "kernel"));
    if (recorded->target.port > 0) {
        bytes_print(out, "; ");
        bytes_print(out, _("port %d"), recorded->target.port);
    }
    append_command(out, &recorded->target);
    bytes_print(out, "</p>\n");
}

/*** What was seen ***/

static void append_lost(struct bytes *out, const struct recorded *recorded)
{
    const char *why = NULL;
    long long pictures = 0;
    for (size_t i = 0; i < recorded->count; i++)
        if (recorded->changes[i].kind == RECORDED_LOST) {
            pictures += recorded->changes[i].lost.pictures;
            why = recorded->changes[i].lost.why;
        }
    if (pictures == 0)
        return;
    char *lost = text_of(_("%lld looks were left out%s%s"), pictures, why != NULL ? ": " : "",
                         why != NULL ? why : "");
    html_print(out, " %s.", lost);
    free(lost);
}

static void append_counts(struct bytes *out, const struct recorded *recorded,
                          const struct recorded_people *people)
{
    char length[NUMBER_TEXT_BYTES];
    size_t clients = people->clients.count;
    size_t tasks = people->tasks.count - people->runtime_count;
    double length_ns =
        recorded->count > 0 ? (double)recorded->changes[recorded->count - 1].t_ns : 0;
    bytes_print(out, "<p>");
    bytes_print(out, language_count_text("%zu client", "%zu clients", clients), clients);
    bytes_print(out, ", ");
    bytes_print(out,
                language_count_text("%zu thread or process", "%zu threads or processes", tasks),
                tasks);
    bytes_print(out, ", %s.", number_text(length, UNIT_NANOSECONDS, length_ns, NAN));
    if (people->runtime_count > 0) {
        bytes_print(out, " ");
        bytes_print(out, _("%zu threads of the language's runtime are not drawn."),
                    people->runtime_count);
    }
    append_lost(out, recorded);
    if (recorded->is_cut)
        html_print(out, " %s", _("The recording breaks off."));
    bytes_print(out, "</p>\n");
}

static void append_model(struct bytes *out, const struct recorded *recorded)
{
    for (size_t i = recorded->count; i-- > 0;)
        if (recorded->changes[i].kind == RECORDED_MODEL) {
            char *text = recorded_model_text(&recorded->changes[i].model);
            if (text != NULL)
                html_print(out, "<p class=\"score\">%s</p>\n", text);
            free(text);
            return;
        }
}

/*** Pictures ***/

/* Of a recording, or of a part of one; `place` is that of the figure on the page. */
static void append_picture(struct bytes *out, const struct recorded *part, size_t place)
{
    struct sequence sequence = {0};
    struct recorded_people people;
    recorded_marks(&sequence, &people, part);
    if (people.clients.crowd_count > 0 || people.tasks.crowd_count > 0)
        html_print(out, "<p class=\"about\">%s</p>\n",
                   _("The first ones have lanes of their own; all others share one, which "
                     "shows how many of them do what."));
    sequence_picture(out, &sequence, place);
    recorded_people_release(&people);
    sequence_release(&sequence);
}

static void append_pictures(struct bytes *out, const struct recorded *recorded, size_t number)
{
    struct recorded_parts parts;
    recorded_parts_init(&parts, recorded);
    for (size_t i = 0; i < parts.count; i++) {
        bytes_print(out, "<figure id=\"recording-%zu-", number);
        bytes_print(out, i == 0 ? "sequence\">\n" : "sequence-%zu\">\n", i + 1);
        html_print(out, "<figcaption><h3>%s", _("Who waited for whom, and when"));
        if (parts.count > 1)
            bytes_print(out, " (%zu/%zu)", i + 1, parts.count);
        bytes_print(out, "</h3></figcaption>\n");
        append_picture(out, &parts.parts[i], number * PARTS_PLACES + i);
        bytes_print(out, "</figure>\n");
    }
    recorded_parts_release(&parts);
}

static void append_recording(struct bytes *out, const struct recorded *recorded, size_t number,
                             bool is_alone)
{
    struct sequence lanes = {0};
    struct recorded_people people;
    recorded_people_init(&people, recorded, &lanes);
    bytes_print(out, "<section class=\"run\" id=\"recording-%zu\">\n", number);
    if (!is_alone)
        html_print(out, "<h2>%s</h2>\n", recorded->path);
    append_about(out, recorded);
    append_model(out, recorded);
    append_counts(out, recorded, &people);
    append_pictures(out, recorded, number);
    recording_waits(out, recorded, &people);
    bytes_print(out, "</section>\n");
    recorded_people_release(&people);
    sequence_release(&lanes);
}

/*** The page ***/

static void append_title(struct bytes *title, const struct recorded recordings[], size_t count)
{
    if (count == 1) {
        const char *name = recordings[0].target.name;
        bytes_print(title, _("Recording of %s"), name != NULL ? name : recordings[0].path);
    } else {
        bytes_print(title, _("%zu recordings"), count);
    }
}

void recording_page(struct bytes *out, const struct recorded recordings[], size_t count)
{
    struct bytes title = {0};
    struct bytes style = {0};
    json_t *language = json_string(language_name());
    append_title(&title, recordings, count);
    bytes_print(&style, "%s%s%c", recording_style, sequence_style(), '\0');
    html_page_begin(out, &(struct html_head){.language = language,
                                             .title = &title,
                                             .style = bytes_front(&style),
                                             .runs_script = true});
    sequence_patterns(out);
    bytes_print(out, "<h1>");
    sanitise(out, bytes_front(&title), title.length, SANITISE_HTML);
    bytes_print(out, "</h1>\n");
    for (size_t i = 0; i < count; i++)
        append_recording(out, &recordings[i], i + 1, count == 1);
    bytes_print(out, "<p class=\"about\">proctor %s (%s)</p>\n", tool_version(), tool_commit());
    html_script(out, sequence_script());
    html_page_end(out);
    json_decref(language);
    bytes_release(&style);
    bytes_release(&title);
}
