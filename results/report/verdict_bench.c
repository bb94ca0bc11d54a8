#include "results/report/verdict_bench.h"

#include "base/memory.h"
#include "results/page/html.h"
#include "results/page/words.h"
#include "results/report/verdict_line.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* How many rankings have each target among the best. The caller frees. */
static size_t *count_best(const struct run *run, const json_t *rankings)
{
    size_t *times = allocate(run->targets.count + 1, sizeof times[0]);
    list_each (ranking, rankings) {
        struct name_index counted = {0};
        list_each (best, json_object_get(ranking, "best")) {
            size_t target = names_find(&run->targets, json_string_value(best));
            if (target != SIZE_MAX && name_index_add(&counted, json_string_value(best), 0))
                times[target]++;
        }
        name_index_release(&counted);
    }
    return times;
}

/* Who is most often among the best. */
static void append_winners(struct bytes *out, const struct run *run, const json_t *rankings)
{
    size_t most = 0;
    size_t *times = count_best(run, rankings);
    json_t *winners = json_array();
    for (size_t i = 0; i < run->targets.count; i++) {
        if (times[i] > most)
            json_array_clear(winners);
        if (times[i] >= most && times[i] > 0)
            json_array_append_new(winners, json_string(run->targets.texts[i]));
        most = times[i] > most ? times[i] : most;
    }
    free(times);
    if (json_array_size(winners) == 0) {
        bytes_print(out, "no server could be called best");
    } else if (json_array_size(winners) == run->targets.count && run->targets.count > 1 &&
               most == json_array_size(rankings)) {
        bytes_print(out, "No difference between the %zu servers was found", run->targets.count);
    } else {
        words_append_list(out, winners);
        bytes_print(out, json_array_size(winners) > 1 ? " are" : " is");
        bytes_print(out, " among the best in %zu of %zu ranking%s", most, json_array_size(rankings),
                    json_array_size(rankings) == 1 ? "" : "s");
    }
    json_decref(winners);
}

static void append_best(struct bytes *out, const json_t *ranking)
{
    const json_t *best = json_object_get(ranking, "best");
    size_t count = json_array_size(best);
    if (count > 1 && count > json_array_size(json_object_get(ranking, "targets"))) {
        bytes_print(out, "the %zu servers cannot be told apart", count);
        return;
    }
    words_append_list(out, best);
    if (count > 1)
        bytes_print(out, " are best and cannot be told apart");
    else
        bytes_print(out, count == 1 ? " is best" : "no server could be called best");
}

/* Rankings of one cell follow each other, and share a line. */
static void append_rankings(struct bytes *out, const json_t *rankings)
{
    size_t i = 0;
    const json_t *ranking = NULL;
    const char *last = NULL;
    json_array_foreach (rankings, i, ranking) {
        const char *cell = run_text(ranking, NULL, "cell");
        bool is_same_cell = last != NULL && cell != NULL && strcmp(last, cell) == 0;
        bytes_print(out, is_same_cell ? "; " : i > 0 ? "</li>\n<li><b>" : "<ul>\n<li><b>");
        if (!is_same_cell)
            html_print(out, "%s</b>: ", cell);
        html_print(out, "%s: ", metric_title(run_text(ranking, NULL, "metric")));
        append_best(out, ranking);
        last = cell;
    }
    if (i > 0)
        bytes_print(out, "</li>\n</ul>\n");
}

/* How many rankings rest on intervals that are no more than a hint. */
static void append_doubts(struct bytes *out, const json_t *rankings)
{
    size_t doubtful = 0;
    list_each (ranking, rankings)
        doubtful += !run_ranking_has_confidence(ranking);
    if (doubtful > 0)
        bytes_print(out,
                    "<p class=\"inconclusive\">In %zu of %zu rankings the servers were "
                    "started too few times for any difference to be sure.</p>\n",
                    doubtful, json_array_size(rankings));
}

void verdict_append_bench(struct bytes *out, const struct run *run)
{
    const json_t *rankings = json_object_get(run->document->json, "rankings");
    bytes_print(out, "<p class=\"score\">");
    if (json_array_size(rankings) > 0)
        append_winners(out, run, rankings);
    else
        verdict_append_line(out, run);
    bytes_print(out, "</p>\n");
    if (json_array_size(rankings) == 0)
        bytes_print(out, "<p>Nothing was decided in this run: the figures below are medians, and "
                         "where their spreads overlap, none is better.</p>\n");
    append_rankings(out, rankings);
    append_doubts(out, rankings);
}
