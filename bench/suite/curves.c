#include "bench/suite/curves.h"

#include "results/document/document.h"
#include "results/document/run_document.h"
#include "text/json_field.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define KEEPS_UP_SHARE 0.95 /* of what is offered */

bool curves_keeps_up(double offered_per_s, double achieved_per_s)
{
    return achieved_per_s >= KEEPS_UP_SHARE * offered_per_s;
}

/* The entry of the result's target, made when it is first needed. */
static json_t *entry_of(json_t *entries, const json_t *result)
{
    const char *target = run_text(result, "target", "name");
    size_t i = 0;
    json_t *entry = NULL;
    json_array_foreach (entries, i, entry)
        if (field_is_word(entry, "target", target))
            return entry;
    entry = json_pack("{s:s, s:[]}", "target", target, "points");
    json_array_append_new(entries, entry);
    return entry;
}

/* Do the loads differ in nothing but these, and in their names? */
bool curves_differ_only_in(const json_t *one, const json_t *other, const char *const keys[])
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach ((json_t *)one, key, value) {
        bool may_differ = strcmp(key, "name") == 0;
        for (size_t i = 0; keys[i] != NULL; i++)
            may_differ = may_differ || strcmp(key, keys[i]) == 0;
        if (!may_differ && !document_is_alike(value, json_object_get(other, key)))
            return false;
    }
    return true;
}

/* The first result of the same target in a curve; only what is like it can be joined to it. */
static bool joins(const json_t *entry, const json_t *result, const char *const keys[])
{
    const json_t *first = json_object_get(entry, "of");
    return first == NULL || curves_differ_only_in(first, json_object_get(result, "cell"), keys);
}

static void drop_short_ones(json_t *entries)
{
    for (size_t i = json_array_size(entries); i > 0; i--)
        if (json_array_size(json_object_get(json_array_get(entries, i - 1), "points")) < 2)
            json_array_remove(entries, i - 1);
}

/*** Memory ***/

static bool has_point_at(const json_t *points, double connections)
{
    size_t i = 0;
    json_t *point = NULL;
    json_array_foreach (points, i, point)
        if (value_number(json_array_get(point, 0), 0) == connections)
            return true;
    return false;
}

/* Of the line of least squares. */
static double slope(const json_t *points)
{
    double count = (double)json_array_size(points);
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    size_t i = 0;
    json_t *point = NULL;
    json_array_foreach (points, i, point) {
        double of_x = value_number(json_array_get(point, 0), 0);
        double of_y = value_number(json_array_get(point, 1), 0);
        x += of_x / count;
        y += of_y / count;
        xx += of_x * of_x / count;
        xy += of_x * of_y / count;
    }
    return xx > x * x ? (xy - x * y) / (xx - x * x) : NAN;
}

static json_t *describe_memory(const json_t *results)
{
    static const char *const keys[] = {"clients", "silent", "threads", "rate", "arrivals", NULL};
    json_t *entries = json_array();
    size_t i = 0;
    json_t *result = NULL;
    json_array_foreach (results, i, result) {
        const json_t *bytes = run_field(result, "server", "memory_bytes");
        double connections = run_number(result, "clients", "connected") +
                             run_number(result, "clients", "silent_connected") +
                             run_number(result, "clients", "slow_readers_connected");
        json_t *entry = entry_of(entries, result);
        json_t *points = json_object_get(entry, "points");
        if (!json_is_number(bytes) || !joins(entry, result, keys) ||
            has_point_at(points, connections))
            continue;
        json_object_set(entry, "of", json_object_get(result, "cell"));
        json_array_append_new(points, json_pack("[f, f]", connections, json_number_value(bytes)));
    }
    drop_short_ones(entries);
    json_array_foreach (entries, i, result)
        json_object_set_new(result, "bytes_per_connection",
                            document_number(slope(json_object_get(result, "points"))));
    return entries;
}

/*** Rates ***/

static json_t *point_of(const json_t *result)
{
    return json_pack("{s:O*, s:O*, s:O*, s:O*}",                                    //
                     "offered_per_s", run_field(result, "cell", "rate"),            //
                     "achieved_per_s", run_field(result, NULL, "throughput_per_s"), //
                     "p50_ns", run_field(result, "latency_ns", "p50"),              //
                     "p99_ns", run_field(result, "latency_ns", "p99"));
}

static json_t *knee(const json_t *points)
{
    double highest = NAN;
    size_t i = 0;
    json_t *point = NULL;
    json_array_foreach (points, i, point) {
        double offered = field_number(point, "offered_per_s", 0);
        double achieved = field_number(point, "achieved_per_s", 0);
        if (curves_keeps_up(offered, achieved) && !(offered <= highest))
            highest = offered;
    }
    return document_number(highest);
}

/* One point is a curve too: a server that falls behind the lowest rate has no more. */
static json_t *describe_rate(const json_t *results)
{
    static const char *const keys[] = {"rate", NULL};
    json_t *entries = json_array();
    size_t i = 0;
    json_t *result = NULL;
    json_array_foreach (results, i, result) {
        if (!json_is_number(run_field(result, "cell", "rate")))
            continue;
        json_t *entry = entry_of(entries, result);
        if (!joins(entry, result, keys))
            continue;
        json_object_set(entry, "of", json_object_get(result, "cell"));
        json_array_append_new(json_object_get(entry, "points"), point_of(result));
    }
    json_array_foreach (entries, i, result)
        json_object_set_new(result, "knee_per_s", knee(json_object_get(result, "points")));
    return entries;
}

json_t *curves_describe(const json_t *results)
{
    return json_pack("{s:o, s:o}", "memory", describe_memory(results), "rate",
                     describe_rate(results));
}
