/* A difference as a document and as text. Both say what the figures are and are not worth. */
#include "results/document/difference_document.h"

#include "base/bytes.h"
#include "results/document/document.h"
#include "results/document/json_text.h"
#include "text/sanitise.h"
#include "text/table.h"

#include <math.h>
#include <stdlib.h>

static const char *const worth =
    "Runs made at different times do not make a measured comparison: the difference may be the "
    "machine's. Only counters that were equal in all starts have a verdict, and who was served, in "
    "trouble or missing; proctor compare "
    "measures both servers at the same time.";

/* Why a result stands in no row, or NULL. */
static const char *absence_of(const struct run_document *other, const struct run_result *result)
{
    const struct run_result *counterpart = run_document_counterpart(other, result);
    if (counterpart == NULL)
        return "is in this run only";
    if (!run_result_is_usable(result))
        return result->trouble != NULL ? "was in trouble" : "has invalid figures";
    return NULL;
}

/*** JSON ***/

static json_t *describe_value(const struct run_value *value)
{
    return json_pack("{s:o, s:o, s:o}", "median", export_json_number(value->value), //
                     "low", export_json_number(value->low), "high",
                     export_json_number(value->high));
}

static json_t *describe_row(const struct difference_row *row)
{
    bool is_open = row->verdict == DECISION_OPEN;
    json_t *overlap = row->has_spreads ? json_boolean(!row->is_apart) : json_null();
    json_t *described = json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:b, s:s?}",    //
                                  "target", export_json_text(row->new_result->target), //
                                  "cell", export_json_text(row->new_result->cell),     //
                                  "metric", row->metric->name,                         //
                                  "old", describe_value(&row->old),                    //
                                  "new", describe_value(&row->new),                    //
                                  "change", export_json_number(row->change),           //
                                  "spreads_overlap", overlap,                          //
                                  "exact", row->is_exact,                              //
                                  "verdict", is_open ? NULL : decision_word(row->verdict));
    if (row->new_result->side != SIDE_NONE)
        json_object_set_new(described, "side", json_string(side_name(row->new_result->side)));
    return described;
}

static json_t *describe_run(const struct run_document *document, const struct run_document *other)
{
    json_t *absent = json_array();
    run_each_result (result, document) {
        const char *reason = absence_of(other, result);
        if (reason != NULL)
            json_array_append_new(
                absent, json_pack("{s:o, s:o, s:s}", "target", export_json_text(result->target),
                                  "cell", export_json_text(result->cell), "reason", reason));
    }
    return json_pack("{s:o, s:o, s:o}", "time",
                     export_json_text(run_text(document->json, NULL, "time")),               //
                     "commit", export_json_text(run_text(document->json, "tool", "commit")), //
                     "left_out", absent);
}

static json_t *describe_standing(const struct standing *standing)
{
    if (standing->result == NULL)
        return json_null();
    return json_pack("{s:o, s:o, s:b, s:o}", "served", export_json_number(standing->served), //
                     "asked", export_json_number(standing->asked), "in_trouble",
                     standing->is_in_trouble, "trouble",
                     export_json_text(standing->result->trouble));
}

static json_t *describe_standings(const struct standings *standings)
{
    bool is_open = standings->verdict == DECISION_OPEN;
    const struct run_result *result =
        standings->new.result != NULL ? standings->new.result : standings->old.result;
    json_t *described =
        json_pack("{s:o, s:o, s:o, s:o, s:s?}", "target", export_json_text(result->target), //
                  "cell", export_json_text(result->cell), "old", describe_standing(&standings->old),
                  "new", describe_standing(&standings->new), "verdict",
                  is_open ? NULL : decision_word(standings->verdict));
    if (result->side != SIDE_NONE)
        json_object_set_new(described, "side", json_string(side_name(result->side)));
    return described;
}

json_t *difference_describe(const struct difference *difference)
{
    json_t *document = document_new(SCHEMA_DIFFERENCE);
    json_t *unlike = json_array();
    for (size_t i = 0; i < difference->unlike.count; i++) {
        const struct unlike *one = &difference->unlike.entries[i];
        json_array_append_new(unlike, json_pack("{s:s, s:o, s:o, s:o}", "part",
                                                one->part == UNLIKE_MACHINE ? "machine" : "plan", //
                                                "what", export_json_text(one->what),              //
                                                "old", export_json_text(one->old), "new",
                                                export_json_text(one->new)));
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < difference->row_count; i++)
        json_array_append_new(rows, describe_row(&difference->rows[i]));
    json_t *standings = json_array();
    for (size_t i = 0; i < difference->standing_count; i++)
        json_array_append_new(standings, describe_standings(&difference->standings[i]));
    json_object_set_new(document, "standings", standings);
    json_object_set_new(document, "stands_worse",
                        json_boolean(difference_stands_worse(difference)));
    json_object_set_new(document, "worth", json_string(worth));
    json_object_set_new(document, "old", describe_run(difference->old, difference->new));
    json_object_set_new(document, "new", describe_run(difference->new, difference->old));
    json_object_set_new(document, "unlike", unlike);
    json_object_set_new(document, "differences", rows);
    json_object_set_new(document, "counter_got_worse",
                        json_boolean(difference_is_worse(difference)));
    return document;
}

/*** Text ***/

char *difference_unlike_text(const struct difference *difference)
{
    struct bytes lines = {0};
    for (size_t i = 0; i < difference->unlike.count; i++) {
        const struct unlike *unlike = &difference->unlike.entries[i];
        bytes_print(&lines, "%s", i > 0 ? "\n" : "");
        sanitise_print(&lines, SANITISE_LINE, "  %s: %s / %s", unlike->what, unlike->old,
                       unlike->new);
    }
    return bytes_take_text(&lines);
}

static const char *remark_of(const struct difference_row *row)
{
    return row->verdict != DECISION_OPEN ? decision_word(row->verdict)
           : !row->has_spreads           ? "no spread known"
           : row->is_apart               ? "spreads apart"
                                         : "spreads overlap";
}

static void add_row(struct table *table, const struct difference_row *row)
{
    char text[RUN_METRIC_TEXT_BYTES];
    table_add(table, "%s", row->new_result->label);
    table_add(table, "%s", row->metric->title);
    table_add(table, "%s", run_metric_text(row->metric, row->old.value, text));
    table_add(table, "%s", run_metric_text(row->metric, row->new.value, text));
    if (isnan(row->change))
        table_add(table, "–");
    else
        table_add(table, "%+.1f%%", fabs(row->change) < 0.0005 ? 0 : 100 * row->change);
    table_add(table, "%s%s", row->is_exact ? "exact: " : "", remark_of(row));
}

static void print_table(const struct difference *difference, FILE *stream)
{
    static const char *const headings[] = {"result", "metric", "old", "new", "worse by", ""};
    struct table table;
    table_init(&table, sizeof headings / sizeof headings[0], headings);
    for (size_t i = 0; i < difference->row_count; i++)
        add_row(&table, &difference->rows[i]);
    table_print(&table, stream);
    table_release(&table);
}

/* Who stands as before needs no line, unless it was never well. */
static void print_standings(FILE *stream, const struct difference *difference)
{
    for (size_t i = 0; i < difference->standing_count; i++) {
        const struct standings *standings = &difference->standings[i];
        const struct run_result *result =
            standings->new.result != NULL ? standings->new.result : standings->old.result;
        bool is_well = standings->old.result != NULL && !standings->old.is_in_trouble &&
                       standings->new.result != NULL && !standings->new.is_in_trouble;
        if (is_well && !decision_is_change(standings->verdict))
            continue;
        char *old = standing_text(&standings->old);
        char *new = standing_text(&standings->new);
        bool has_verdict = standings->verdict != DECISION_OPEN;
        sanitise_say(stream, SANITISE_LINE, "%s%s%s: old: %s; new: %s\n",
                     has_verdict ? decision_word(standings->verdict) : "", has_verdict ? ": " : "",
                     result->label, old, new);
        free(old);
        free(new);
    }
}

void difference_print(const struct difference *difference, FILE *stream)
{
    print_table(difference, stream);
    print_standings(stream, difference);
    if (difference->unlike.count > 0) {
        char *unlike = difference_unlike_text(difference);
        fprintf(stream, "\nThe runs are unlike, but were compared all the same:\n%s\n", unlike);
        free(unlike);
    }
    fprintf(stream, "\n%s\n", worth);
}
