#include "results/page/run.h"

#include "base/memory.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*** Names ***/

size_t names_find(const struct names *names, const char *text)
{
    for (size_t i = 0; i < names->count && text != NULL; i++)
        if (strcmp(names->texts[i], text) == 0)
            return i;
    return SIZE_MAX;
}

static void names_add(struct names *names, const char *text)
{
    if (text == NULL || names_find(names, text) != SIZE_MAX)
        return;
    names->texts = reallocate(names->texts, names->count + 1, sizeof names->texts[0]);
    names->texts[names->count++] = text_of("%s", text);
}

static void names_release(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->texts[i]);
    free(names->texts);
}

const char *row_target(const json_t *row)
{
    const json_t *target = json_object_get(row, "target");
    const char *side = run_text(row, NULL, "side");
    if (side != NULL)
        return side;
    return json_is_string(target) ? json_string_value(target) : run_text(target, NULL, "name");
}

/*** Runs ***/

void run_init(struct run *run, const struct run_document *document, size_t number)
{
    size_t i = 0;
    const json_t *result = NULL;
    *run = (struct run){.document = document, .number = number};
    json_array_foreach (json_object_get(document->json, "results"), i, result) {
        char *cell = run_cell_name(result);
        names_add(&run->targets, row_target(result));
        names_add(&run->cells, cell);
        free(cell);
    }
}

void run_release(struct run *run)
{
    names_release(&run->targets);
    names_release(&run->cells);
}

static bool is_of(const struct run *run, const json_t *result, size_t target, size_t cell)
{
    char *name = run_cell_name(result);
    bool is_it = names_find(&run->cells, name) == cell &&
                 names_find(&run->targets, row_target(result)) == target;
    free(name);
    return is_it;
}

const json_t *run_find_result(const struct run *run, size_t target, size_t cell)
{
    size_t i = 0;
    const json_t *result = NULL;
    json_array_foreach (json_object_get(run->document->json, "results"), i, result)
        if (is_of(run, result, target, cell))
            return result;
    return NULL;
}

double run_clients(const struct run *run, size_t cell)
{
    for (size_t target = 0; target < run->targets.count; target++) {
        double clients = run_number(run_find_result(run, target, cell), "cell", "clients");
        if (isfinite(clients))
            return clients;
    }
    return NAN;
}

bool run_cell_is_of_curve(const struct run *run, size_t cell)
{
    const json_t *curves = json_object_get(run->document->json, "curves");
    if (json_array_size(json_object_get(curves, "rate")) == 0)
        return false;
    for (size_t target = 0; target < run->targets.count; target++) {
        const json_t *result = run_find_result(run, target, cell);
        if (isfinite(run_number(result, "cell", "rate")) ||
            isfinite(run_number(result, "cell", "rate_per_s")))
            return true;
    }
    return false;
}

/*** Metrics ***/

static const struct run_metric *metric_find(const char *name)
{
    return name != NULL ? run_metric_find(name) : NULL;
}

const char *metric_title(const char *name)
{
    const struct run_metric *metric = metric_find(name);
    return metric != NULL ? metric->title : name;
}

enum unit metric_unit(const char *name)
{
    static const struct {
        const char *text;
        enum unit unit;
    } units[] = {{"req/s", UNIT_PER_SECOND},
                 {"ns", UNIT_NANOSECONDS},
                 {"us", UNIT_MICROSECONDS},
                 {"bytes", UNIT_BYTES}};
    const struct run_metric *metric = metric_find(name);
    for (size_t i = 0; i < sizeof units / sizeof units[0] && metric != NULL; i++)
        if (strcmp(metric->unit, units[i].text) == 0)
            return units[i].unit;
    return UNIT_COUNT;
}

struct measured result_metric(const json_t *result, const char *name)
{
    const struct run_metric *metric = metric_find(name);
    struct measured measured = {NAN, NAN, NAN, NAN};
    if (metric == NULL || result == NULL)
        return measured;
    struct run_value value = run_result_value(&(struct run_result){.json = result}, metric);
    return (struct measured){.value = value.value,
                             .noise = (value.high - value.low) / 2,
                             .low = value.low,
                             .high = value.high};
}
