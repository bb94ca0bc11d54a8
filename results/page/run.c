#include "results/page/run.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/*** Names ***/

size_t names_find(const struct names *names, const char *text)
{
    return name_index_find(&names->index, text);
}

/* Returns its place. */
static size_t names_add(struct names *names, const char *text)
{
    if (text == NULL || !name_index_add(&names->index, text, names->count))
        return names_find(names, text);
    names->texts = grow_by_one(names->texts, names->count, sizeof names->texts[0]);
    names->texts[names->count] = text_of("%s", text);
    return names->count++;
}

static void names_release(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->texts[i]);
    free(names->texts);
    name_index_release(&names->index);
}

const char *row_target(const json_t *row)
{
    const json_t *target = json_object_get(row, "target");
    const char *side = run_text(row, NULL, "side");
    if (side != NULL)
        return side;
    return json_is_string(target) ? json_string_value(target) : run_text(target, NULL, "name");
}

/*** Places ***/

/* A document without any result of most targets in most cells shows no rows for these. */
#define GAPS_FOR_EACH_RESULT 3
#define GAPS_AT_LEAST        64

static int compare_places(const void *left, const void *right)
{
    const struct run_place *one = left;
    const struct run_place *other = right;
    if (one->cell != other->cell)
        return one->cell < other->cell ? -1 : 1;
    return one->target == other->target ? 0 : one->target < other->target ? -1 : 1;
}

/* The places of the results that say whose they are, in the order of cells and of targets. */
static struct run_place *read_places(struct run *run, size_t *count)
{
    struct run_place *places = allocate(run->document->result_count + 1, sizeof places[0]);
    *count = 0;
    run_each_result (result, run->document) {
        char *cell = run_cell_name(result->json);
        const char *target = row_target(result->json);
        size_t cell_place = names_add(&run->cells, cell);
        if (target != NULL)
            places[(*count)++] = (struct run_place){.target = names_add(&run->targets, target),
                                                    .cell = cell_place,
                                                    .result = result->json};
        free(cell);
    }
    qsort(places, *count, sizeof places[0], compare_places);
    return places;
}

/* Takes over the places, and adds one for each target in each cell that has none. */
static void fill_gaps(struct run *run, struct run_place *places, size_t count)
{
    size_t targets = run->targets.count;
    run->places = allocate(targets * run->cells.count + 1, sizeof run->places[0]);
    for (size_t i = 0; i < targets * run->cells.count; i++)
        run->places[i] = (struct run_place){.target = i % targets, .cell = i / targets};
    for (size_t i = count; i-- > 0;)
        run->places[places[i].cell * targets + places[i].target].result = places[i].result;
    for (size_t cell = 0; cell <= run->cells.count; cell++)
        run->begins[cell] = cell * targets;
    free(places);
}

/* Takes over the places as they are. */
static void leave_gaps(struct run *run, struct run_place *places, size_t count)
{
    size_t place = 0;
    for (size_t cell = 0; cell <= run->cells.count; cell++) {
        while (place < count && places[place].cell < cell)
            place++;
        run->begins[cell] = place;
    }
    run->places = places;
}

/*** Runs ***/

static double clients_in(const struct run *run, size_t cell)
{
    run_each_of_cell (place, run, cell) {
        double clients = run_number(place->result, "cell", "clients");
        if (isfinite(clients))
            return clients;
    }
    return NAN;
}

static bool has_rate_in(const struct run *run, size_t cell)
{
    run_each_of_cell (place, run, cell)
        if (isfinite(run_number(place->result, "cell", "rate")) ||
            isfinite(run_number(place->result, "cell", "rate_per_s")))
            return true;
    return false;
}

void run_init(struct run *run, const struct run_document *document, size_t number)
{
    *run = (struct run){.document = document, .number = number};
    size_t count = 0;
    struct run_place *places = read_places(run, &count);
    size_t cells = run->cells.count;
    size_t most = GAPS_AT_LEAST + (1 + GAPS_FOR_EACH_RESULT) * document->result_count;
    run->is_sparse = run->targets.count > 0 && cells > most / run->targets.count;
    run->begins = allocate(cells + 1, sizeof run->begins[0]);
    if (run->is_sparse)
        leave_gaps(run, places, count);
    else
        fill_gaps(run, places, count);
    bool has_curves = json_array_size(run_curves(run, "rate")) > 0;
    run->facts = allocate(cells + 1, sizeof run->facts[0]);
    for (size_t cell = 0; cell < cells; cell++)
        run->facts[cell] = (struct cell_facts){.clients = clients_in(run, cell),
                                               .is_of_curve = has_curves && has_rate_in(run, cell)};
}

void run_release(struct run *run)
{
    names_release(&run->targets);
    names_release(&run->cells);
    free(run->places);
    free(run->begins);
    free(run->facts);
}

double run_clients(const struct run *run, size_t cell)
{
    return run->facts[cell].clients;
}

const json_t *run_curves(const struct run *run, const char *kind)
{
    return run_field(run->document->json, "curves", kind);
}

bool run_cell_is_of_curve(const struct run *run, size_t cell)
{
    return run->facts[cell].is_of_curve;
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
