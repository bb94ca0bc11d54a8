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

/* Returns its place. */
static size_t names_add(struct names *names, const char *text)
{
    size_t place = names_find(names, text);
    if (text == NULL || place != SIZE_MAX)
        return place;
    names->texts = reallocate(names->texts, names->count + 1, sizeof names->texts[0]);
    names->texts[names->count] = text_of("%s", text);
    return names->count++;
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
    *run = (struct run){.document = document, .number = number};
    run->places = allocate(document->result_count + 1, sizeof run->places[0]);
    run_each_result (result, document) {
        char *cell = run_cell_name(result->json);
        run->places[result - document->results] = (struct run_place){
            .target = names_add(&run->targets, row_target(result->json)),
            .cell = names_add(&run->cells, cell),
        };
        free(cell);
    }
}

void run_release(struct run *run)
{
    names_release(&run->targets);
    names_release(&run->cells);
    free(run->places);
}

const json_t *run_find_result(const struct run *run, size_t target, size_t cell)
{
    for (size_t i = 0; i < run->document->result_count; i++)
        if (run->places[i].target == target && run->places[i].cell == cell)
            return run->document->results[i].json;
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

const json_t *run_curves(const struct run *run, const char *kind)
{
    return run_field(run->document->json, "curves", kind);
}

bool run_cell_is_of_curve(const struct run *run, size_t cell)
{
    if (json_array_size(run_curves(run, "rate")) == 0)
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

const char *metric_title(const char *name)
{
    const struct run_metric *metric = run_metric_find(name);
    return metric != NULL ? metric->title : name;
}

enum unit metric_unit(const char *name)
{
    const struct run_metric *metric = run_metric_find(name);
    return metric != NULL ? metric->page_unit : UNIT_COUNT;
}

struct run_value result_metric(const json_t *result, const char *name)
{
    const struct run_metric *metric = run_metric_find(name);
    if (metric == NULL || result == NULL)
        return (struct run_value){NAN, NAN, NAN};
    return run_result_value(&(struct run_result){.json = result}, metric);
}

double run_value_noise(struct run_value value)
{
    return (value.high - value.low) / 2;
}
