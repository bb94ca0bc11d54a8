/* Stored run documents: what is read of those that are whole, and what is said of broken ones. Each
 * broken one is a whole one (tests/documents) with one thing changed. */
#include "results/document/run_document.h"
#include "base/memory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOCUMENTS TESTS_FOLDER "/documents/"

static void read_document(struct run_document *document, const char *name)
{
    char *path = text_of(DOCUMENTS "%s.json", name);
    char *trouble = NULL;
    cr_assert_eq(run_document_read(document, path, &trouble), 0, "%s", trouble);
    free(path);
}

static const struct run_result *find(const struct run_document *document, const char *target,
                                     const char *cell)
{
    for (size_t i = 0; i < document->result_count; i++)
        if (strcmp(document->results[i].target, target) == 0 &&
            strcmp(document->results[i].cell, cell) == 0)
            return &document->results[i];
    cr_assert_fail("%s, %s: is not there", target, cell);
    abort();
}

/*** Whole ones ***/

Test(run_document, reads_what_was_measured)
{
    struct run_document document;
    read_document(&document, "bench_models");
    cr_expect_eq(document.kind, RUN_BENCH);
    cr_expect_eq(document.result_count, 36);
    const struct run_result *result = find(&document, "epoll", "100 clients");
    cr_expect(run_result_is_usable(result));
    cr_expect_eq(result->side, SIDE_NONE);
    struct run_value value = run_result_value(result, run_metric_find("throughput_per_s"));
    cr_expect(value.low < value.value && value.value < value.high);
    cr_expect_float_eq(value.value, 78500, 2000);
    value = run_result_value(result, run_metric_find("bytes_per_connection"));
    cr_expect_eq(value.value, 2700);
    cr_expect(isnan(value.low) && isnan(value.high));
    run_document_release(&document);
}

Test(run_document, takes_nothing_for_a_figure_that_was_not_measured)
{
    struct run_document document;
    read_document(&document, "bench_models");
    const struct run_result *result = find(&document, "select", "1000 clients");
    cr_expect(result->trouble != NULL);
    cr_expect_not(run_result_is_usable(result));
    for (const struct run_metric *metric = run_metrics; metric->name != NULL; metric++)
        cr_expect(isnan(run_result_value(result, metric).value), "%s", metric->name);
    run_document_release(&document);
}

Test(run_document, names_the_cell_of_a_load_by_its_clients)
{
    struct run_document document;
    read_document(&document, "load");
    cr_expect_eq(document.kind, RUN_LOAD);
    cr_expect_str_eq(document.results[0].cell, "64 clients");
    cr_expect_str_eq(run_result_validity(&document.results[0]), "suspect");
    cr_expect(run_result_is_usable(&document.results[0]));
    run_document_release(&document);
}

Test(run_document, reads_comparisons)
{
    struct run_document document;
    read_document(&document, "compare_worse");
    cr_expect_eq(document.kind, RUN_COMPARE);
    cr_expect_eq(document.verdict, DECISION_WORSE);
    cr_expect_eq(document.comparisons.count, 7);
    cr_expect_eq(document.controls.count, 1);
    const struct run_comparison *comparison = &document.comparisons.entries[0];
    cr_expect_str_eq(comparison->metric->title, "throughput");
    cr_expect(comparison->is_gated && !comparison->is_exact);
    cr_expect_eq(comparison->verdict, DECISION_WORSE);
    cr_expect(isnan(comparison->excluded));
    cr_expect(comparison->low < comparison->change && comparison->change < comparison->high);
    run_document_release(&document);
}

Test(run_document, reads_titles_of_metrics_that_it_does_not_know)
{
    struct run_document document;
    read_document(&document, "compare_counted");
    const struct run_comparison *comparison = &document.comparisons.entries[1];
    cr_expect_null(comparison->metric);
    cr_expect_str_eq(comparison->name, "user_instructions_per_request");
    cr_expect_str_eq(comparison->title, "in user mode");
    run_document_release(&document);
}

Test(run_document, makes_names_fit_to_be_keys)
{
    struct run_document document;
    read_document(&document, "bench_awkward");
    for (size_t i = 0; i < document.result_count; i++) {
        cr_expect_eq(strpbrk(document.results[i].target, "\n\t\x1B"), NULL);
        cr_expect_str_eq(document.results[i].cell, "10 clients, \"<&>\" of écho");
    }
    find(&document, "line one line two", document.results[0].cell);
    run_document_release(&document);
}

/*** Broken ones ***/

static void write_text(char *template, const char *text)
{
    int fd = mkstemp(template);
    cr_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

/* Reads `text` from a file; what is said of it, but for the file's name. The caller frees. */
static char *trouble_with(const char *text)
{
    char path[] = "/tmp/run_document_XXXXXX";
    write_text(path, text);
    struct run_document document;
    char *trouble = NULL;
    cr_assert_lt(run_document_read(&document, path, &trouble), 0, "was read: %s", text);
    unlink(path);
    cr_assert_eq(strncmp(trouble, path, strlen(path)), 0, "%s", trouble);
    char *rest = text_of("%s", trouble + strlen(path));
    free(trouble);
    return rest;
}

/* The parent of the last member of "results/3/cell", and that member in `*last`. */
static json_t *find_parent(json_t *document, char *place, char **last)
{
    json_t *at = document;
    char *rest = NULL;
    *last = strtok_r(place, "/", &rest);
    for (char *next = NULL; (next = strtok_r(NULL, "/", &rest)) != NULL; *last = next)
        at = json_is_array(at) ? json_array_get(at, strtoul(*last, NULL, 10))
                               : json_object_get(at, *last);
    return at;
}

static char *trouble_after(const char *name, const char *place, const char *value)
{
    char *path = text_of(DOCUMENTS "%s.json", name);
    char *place_copy = text_of("%s", place);
    char *last = NULL;
    json_t *document = json_load_file(path, 0, NULL);
    json_t *parent = find_parent(document, place_copy, &last);
    json_t *changed = value != NULL ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;
    if (json_is_array(parent))
        json_array_set_new(parent, strtoul(last, NULL, 10), changed);
    else if (changed != NULL)
        json_object_set_new(parent, last, changed);
    else
        json_object_del(parent, last);
    char *text = json_dumps(document, 0);
    char *trouble = trouble_with(text);
    free(text);
    json_decref(document);
    free(place_copy);
    free(path);
    return trouble;
}

struct change {
    const char *document;
    const char *place;
    const char *value; /* NULL: it is taken away */
    const char *said;
};

static const struct change changes[] = {
    {"load", "schema", NULL, "schema: is missing"},
    {"load", "schema", "\"proctor.run/2\"", "schema: is not one of: proctor.run/1"},
    {"load", "schema", "7", "schema: is not a text"},
    {"load", "time", NULL, "time: is missing"},
    {"load", "tool", "[]", "tool: is not an object"},
    {"load", "machine", NULL, "machine: is missing"},
    {"load", "machine/cores", "2.5", "machine.cores: is not a whole number from 0 on"},
    {"load", "machine/kernel", "6", "machine.kernel: is not a text"},
    {"load", "plan", "\"load\"", "plan: is not an object"},
    {"load", "plan/command", "\"fly\"", "plan.command: is not one of: load bench compare"},
    {"load", "plan/command", "\"load bench\"", "plan.command: is not one of: load bench compare"},
    {"load", "plan/command", "\"\"", "plan.command: is not one of: load bench compare"},
    {"load", "interrupted", "1", "interrupted: is not true or false"},
    {"load", "results", "{}", "results: is not a list"},
    {"load", "results", NULL, "results: is missing"},
    {"load", "results/0", "null", "results[0]: is missing"},
    {"load", "results/0", "3", "results[0]: is not an object"},
    {"load", "results/0/target/name", NULL, "results[0].target.name: is missing"},
    {"load", "results/0/cell/clients", "-1",
     "results[0].cell.clients: is not a whole number from 0 on"},
    {"bench_models", "results/3/throughput_per_s", "\"fast\"",
     "results[3].throughput_per_s: is not a number"},
    {"bench_models", "results/3/throughput_per_s", "-4",
     "results[3].throughput_per_s: is not a number from 0 on"},
    {"bench_models", "results/3/latency_ns", "[]", "results[3].latency_ns: is not an object"},
    {"bench_models", "results/3/latency_ns/p99.9", "{}",
     "results[3].latency_ns.p99.9: is not a number"},
    {"bench_models", "results/3/latency_curve/1", "{}",
     "results[3].latency_curve[1]: is not a list"},
    {"bench_models", "results/3/latency_curve/1/0", "null",
     "results[3].latency_curve[1][0]: is missing"},
    {"bench_models", "results/3/rounds/p50_ns/median", "true",
     "results[3].rounds.p50_ns.median: is not a number"},
    {"bench_models", "results/3/rounds/p50_ns/values/2", "\"x\"",
     "results[3].rounds.p50_ns.values[2]: is not a number"},
    {"bench_models", "results/3/rounds", "[[]]", "results[3].rounds: is not an object"},
    {"bench_models", "results/3/trouble", "[]", "results[3].trouble: is not a text"},
    {"bench_models", "results/3/validity/verdict", "\"fine\"",
     "results[3].validity.verdict: is not one of: valid suspect invalid"},
    {"bench_models", "results/1/target/name", "\"sequential\"",
     "results[1]: has the target and the cell of results[0]"},
    {"bench_models", "slices/5/round", "-1", "slices[5].round: is not a whole number from 0 on"},
    {"bench_models", "slices/5/dropped", "true", "slices[5].dropped: is not a text"},
    {"bench_models", "rankings/1/best/0", "null", "rankings[1].best[0]: is missing"},
    {"bench_models", "rankings/1/targets/0/change", "\"\"",
     "rankings[1].targets[0].change: is not a number"},
    {"bench_models", "curves/rate/0/knee_per_s", "\"none\"",
     "curves.rate[0].knee_per_s: is not a number"},
    {"bench_models", "curves/memory/0/points/1", "1", "curves.memory[0].points[1]: is not a list"},
    {"compare_same", "verdict", NULL, "verdict: is missing"},
    {"compare_same", "verdict", "\"fine\"",
     "verdict: is not one of: open same worse better inconclusive"},
    {"compare_same", "comparisons", NULL, "comparisons: is missing"},
    {"compare_same", "comparisons/1/verdict", "\"opened\"",
     "comparisons[1].verdict: is not one of: open same worse better inconclusive"},
    {"compare_same", "comparisons/1/change", "[]", "comparisons[1].change: is not a number"},
    {"compare_same", "comparisons/1/gated", "1", "comparisons[1].gated: is not true or false"},
    {"compare_same", "comparisons/3/metric", "\"p50_ns\"",
     "comparisons[3]: has the metric and the cell of comparisons[1]"},
    {"compare_same", "controls/0/metric", NULL, "controls[0].metric: is missing"},
    {"compare_same", "results/1/side", NULL, "results[1].side: is missing"},
    {"compare_same", "results/1/side", "\"left\"",
     "results[1].side: is not one of: base new control"},
    {"compare_counted", "plan/counted", "1", "plan.counted: is not true or false"},
    {"compare_counted", "plan/layouts", "-1", "plan.layouts: is not a whole number from 0 on"},
    {"compare_counted", "counted_machine", "[]", "counted_machine: is not an object"},
    {"compare_counted", "counted_machine/qemu", "7", "counted_machine.qemu: is not a text"},
    {"compare_counted", "counted_verdict", "1", "counted_verdict: is not a text"},
    {"compare_counted", "timed", "1", "timed: is not an object"},
    {"compare_counted", "timed/verdict", "\"fine\"",
     "timed.verdict: is not one of: open same worse better inconclusive"},
    {"compare_counted", "timed/agreement", NULL, "timed.agreement: is missing"},
    {"compare_counted", "calls/0", "null", "calls[0]: is missing"},
    {"compare_counted", "calls/0/name", NULL, "calls[0].name: is missing"},
    {"compare_counted", "calls/0/base", "-1", "calls[0].base: is not a number from 0 on"},
    {"compare_counted", "functions", "{}", "functions: is not a list"},
    {"compare_counted", "functions/1/file", "3", "functions[1].file: is not a text"},
    {"compare_counted", "functions/1/kernel", "3", "functions[1].kernel: is not true or false"},
    {"compare_counted", "functions/1/new", NULL, "functions[1].new: is missing"},
    {"compare_counted", "comparisons/1/title", "1", "comparisons[1].title: is not a text"},
    {"compare_counted", "comparisons/1/floor", "-1",
     "comparisons[1].floor: is not a number from 0 on"},
    {"compare_counted", "comparisons/1/layouts", "1", "comparisons[1].layouts: is not an object"},
    {"compare_counted", "comparisons/1/layouts/base", "1",
     "comparisons[1].layouts.base: is not a list"},
    {"compare_counted", "comparisons/1/layouts/new/0", "\"\"",
     "comparisons[1].layouts.new[0]: is not a number"},
    {"compare_same", "reasons", "[1]", "reasons[0]: is not a text"},
};

Test(run_document, names_the_place_of_what_is_wrong)
{
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const struct change *change = &changes[i];
        char *trouble = trouble_after(change->document, change->place, change->value);
        char *said = text_of(": %s", change->said);
        cr_expect_str_eq(trouble, said, "%s", change->place);
        free(said);
        free(trouble);
    }
}

Test(run_document, says_what_is_no_json_and_where)
{
    static const char *const texts[][2] = {
        {"", ":1: not valid JSON: "},
        {"{\"schema\":\n  \"proctor.run/1\",\n  }", ":3: not valid JSON: "},
        {"{\"seed\": NaN}", ":1: not valid JSON: "},
        {"{\"seed\": 1e999}", ":1: not valid JSON: "},
        {"{\"seed\": 1, \"seed\": 2}", ":1: not valid JSON: duplicate object key"},
        {"{\"seed\": \"\\u0000\"}", ":1: not valid JSON: "},
        {"{} {}", ":1: not valid JSON: "},
        {"[]", ": the document: is not an object"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char *trouble = trouble_with(texts[i][0]);
        cr_expect_eq(strncmp(trouble, texts[i][1], strlen(texts[i][1])), 0, "%s", trouble);
        free(trouble);
    }
}

Test(run_document, keeps_the_keys_of_others_from_its_sentences)
{
    char *trouble = trouble_after("load", "results/0/latency_ns/\x1B[31mred\n::x", "true");
    cr_expect_eq(strpbrk(trouble, "\x1B\n"), NULL, "%s", trouble);
    free(trouble);
}

Test(run_document, says_what_cannot_be_opened)
{
    struct run_document document;
    char *trouble = NULL;
    cr_expect_lt(run_document_read(&document, "/nowhere/run.json", &trouble), 0);
    cr_expect_str_eq(trouble, "/nowhere/run.json: No such file or directory");
    free(trouble);
    cr_expect_lt(run_document_read(&document, "/tmp", &trouble), 0);
    cr_expect_str_eq(trouble, "/tmp: Is a directory");
    free(trouble);
}

Test(run_metric, has_names_and_slugs_that_differ)
{
    for (const struct run_metric *metric = run_metrics; metric->name != NULL; metric++) {
        cr_expect_eq(run_metric_find(metric->name), metric);
        cr_expect_leq(strlen(metric->slug), 64);
        for (const struct run_metric *other = run_metrics; other != metric; other++)
            cr_expect_str_neq(other->slug, metric->slug);
    }
    cr_expect_eq(run_metric_find("beauty"), NULL);
}

Test(run_metric, prints_values_with_their_units)
{
    char text[RUN_METRIC_TEXT_BYTES];
    cr_expect_str_eq(run_metric_text(run_metric_find("p50_ns"), 45100, text), "45.1us");
    cr_expect_str_eq(run_metric_text(run_metric_find("server_cpu_us_per_request"), 7.9, text),
                     "7.90us");
    cr_expect_str_eq(run_metric_text(run_metric_find("throughput_per_s"), 81000, text),
                     "81.0k req/s");
    cr_expect_str_eq(run_metric_text(run_metric_find("server_syscalls_per_request"), 2.12, text),
                     "2.12");
    cr_expect_str_eq(run_metric_text(run_metric_find("p50_ns"), NAN, text), "–");
}
