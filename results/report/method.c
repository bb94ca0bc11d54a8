#include "results/report/method.h"

#include "results/page/html.h"
#include "results/report/command.h"
#include "text/sanitise.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/*** Plan and machine, whatever they hold ***/

static void append_value(struct bytes *out, const char *key, const json_t *value);

/* The unit that a name ends with, as they all do. */
static enum unit unit_of(const char *key)
{
    static const struct {
        const char *suffix;
        enum unit unit;
    } suffixes[] = {{"_per_s", UNIT_PER_SECOND}, {"_s", UNIT_SECONDS},
                    {"_ns", UNIT_NANOSECONDS},   {"_bytes", UNIT_BYTES},
                    {"must_catch", UNIT_PARTS},  {"indifference", UNIT_PARTS},
                    {"false_worse", UNIT_PARTS}, {"false_same", UNIT_PARTS}};
    size_t length = strlen(key);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        size_t count = strlen(suffixes[i].suffix);
        if (length >= count && strcmp(key + length - count, suffixes[i].suffix) == 0)
            return suffixes[i].unit;
    }
    return UNIT_COUNT;
}

/* "lead_in_s" reads "lead in". */
static void append_key(struct bytes *out, const char *key)
{
    size_t length = strlen(key);
    const char *last = strrchr(key, '_');
    if (unit_of(key) != UNIT_COUNT && unit_of(key) != UNIT_PARTS && last != NULL)
        length = (size_t)(last - key);
    struct bytes words = {0};
    for (size_t i = 0; i < length; i++)
        bytes_append(&words, key[i] == '_' ? " " : &key[i], 1);
    if (length > 0)
        sanitise(out, bytes_front(&words), length, SANITISE_HTML);
    bytes_release(&words);
}

/* Memory is never round; what was asked for is. */
static void append_number_of(struct bytes *out, enum unit unit, double value)
{
    char text[NUMBER_TEXT_BYTES];
    bytes_print(out, "%s",
                unit == UNIT_BYTES ? number_text(text, unit, value, NAN)
                                   : number_tick_text(text, unit, value));
}

static void append_members(struct bytes *out, const json_t *object)
{
    const char *key = NULL;
    json_t *value = NULL;
    size_t count = 0;
    json_object_foreach ((json_t *)object, key, value) {
        if (json_is_null(value))
            continue;
        bytes_print(out, "%s", count++ > 0 ? "; " : "");
        append_key(out, key);
        bytes_print(out, " ");
        append_value(out, key, value);
    }
}

static void append_value(struct bytes *out, const char *key, const json_t *value)
{
    size_t i = 0;
    const json_t *item = NULL;
    if (json_is_string(value))
        html_print(out, "%s", json_string_value(value));
    else if (json_is_number(value) && unit_of(key) == UNIT_COUNT)
        bytes_print(out, json_is_integer(value) ? "%.15g" : "%.4g", json_number_value(value));
    else if (json_is_number(value))
        append_number_of(out, unit_of(key), json_number_value(value));
    else if (json_is_boolean(value))
        bytes_print(out, json_is_true(value) ? "yes" : "no");
    else if (json_is_object(value))
        append_members(out, value);
    else if (json_array_size(value) == 0)
        bytes_print(out, "–");
    json_array_foreach (value, i, item) {
        bytes_print(out, "%s", i > 0 ? ", " : "");
        append_value(out, key, item);
    }
}

static void append_row(struct bytes *out, const char *key, const json_t *value)
{
    bytes_print(out, "<tr><th scope=\"row\">");
    append_key(out, key);
    bytes_print(out, "</th><td class=\"words\">");
    append_value(out, key, value);
    bytes_print(out, "</td></tr>\n");
}

static void append_object(struct bytes *out, const char *heading, const json_t *object)
{
    const char *key = NULL;
    json_t *value = NULL;
    bytes_print(out, "<table><caption>%s</caption><tbody>\n", heading);
    json_object_foreach ((json_t *)object, key, value)
        append_row(out, key, value);
    bytes_print(out, "</tbody></table>\n");
}

#define BUSY_SHARE 0.9 /* of the time; from there on the load may be what was measured */

/* Once for the run, as it is no fault of one of the servers. */
static void append_busy_load(struct bytes *out, const struct run *run)
{
    double most = 0;
    bool is_pinned = json_is_object(run_field(run->document->json, "plan", "pinning"));
    run_each_result (result, run->document)
        most = fmax(most, run_number(result->json, "generator", "busy_share"));
    if (!is_pinned && most > BUSY_SHARE)
        bytes_print(out,
                    "<p>The load shared the processors with the servers, and a thread of it was "
                    "busy for up to %.0f %% of the time: the highest rates may be its own.</p>\n",
                    100 * most);
}

/*** All ***/

void method_append(struct bytes *out, const struct run *run)
{
    static const char *const others[] = {"time", "seed", "elapsed_s"};
    const json_t *tool = json_object_get(run->document->json, "tool");
    bytes_print(out,
                "<section class=\"method\" id=\"run%zu-method\">\n<h3>How it was measured</h3>\n"
                "<p>To repeat it, as far as the document tells:</p>\n<pre><code>",
                run->number);
    command_append(out, run);
    bytes_print(out, "</code></pre>\n");
    append_busy_load(out, run);
    bytes_print(out, "<div class=\"boxes\">\n");
    append_object(out, "plan", json_object_get(run->document->json, "plan"));
    append_object(out, "machine", json_object_get(run->document->json, "machine"));
    bytes_print(out, "<table><caption>run</caption><tbody>\n");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        append_row(out, others[i], json_object_get(run->document->json, others[i]));
    append_row(out, "version", json_object_get(tool, "version"));
    append_row(out, "commit", json_object_get(tool, "commit"));
    bytes_print(out,
                "</tbody></table>\n</div>\n"
                "<p>All that was measured stands in this file, in the data block "
                "<code>run%zu-document</code>. <button type=\"button\" hidden=\"hidden\" "
                "data-document=\"run%zu-document\" data-name=\"",
                run->number, run->number);
    const char *slash = strrchr(run->document->path, '/');
    html_print(out, "%s\">Save it as a file</button></p>\n",
               strcmp(run->document->path, "-") == 0 ? "run.json"
               : slash != NULL                       ? slash + 1
                                                     : run->document->path);
    char id[48];
    snprintf(id, sizeof id, "run%zu-document", run->number);
    html_document(out, id, run->document->json);
    bytes_print(out, "</section>\n");
}
