/* proctor bench: servers side by side. */
#include "cli/bench_options.h"
#include "cli/commands.h"
#include "cli/load_options.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/quantity.h"
#include "loadgen/calibration.h"
#include "loadgen/engines/engines.h"
#include "results/document/document.h"
#include "results/document/run_document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIN_CPUS_LEAST 4 /* with fewer, servers that use many processors would be crippled */

struct run {
    char *document_path; /* NULL: none is written meanwhile */
    FILE *stream;        /* for tables */
    int64_t begin_ns;
};

static void show_progress(size_t done, size_t all, void *context)
{
    const struct run *run = context;
    if (!isatty(STDERR_FILENO))
        return;
    double elapsed_s = (double)(clock_now_ns() - run->begin_ns) / NS_PER_S;
    fprintf(stderr, "\rslice %zu of %zu", done, all);
    if (done > 0)
        fprintf(stderr, ", %.0f s to go  ", elapsed_s * (double)(all - done) / (double)done);
}

static void clear_progress(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

static void cell_done(const json_t *document, const char *cell, void *context)
{
    const struct run *run = context;
    clear_progress();
    campaign_print_cell(run->stream, document, cell);
    if (run->document_path != NULL)
        command_write_document(json_incref((json_t *)document), run->document_path);
}

/* What the bench goes on from, or NULL. */
static json_t *read_earlier(const struct bench_arguments *arguments, const char *path)
{
    json_error_t error;
    if (!arguments->resumes || path == NULL || access(path, F_OK) < 0)
        return NULL;
    json_t *earlier = json_load_file(path, 0, &error);
    if (earlier == NULL)
        die(EXIT_USAGE, "%s:%d: %s", path, error.line, error.text);
    return earlier;
}

static void check_earlier(const struct bench_arguments *arguments, const json_t *earlier,
                          const char *path)
{
    char *reason = NULL;
    if (earlier != NULL && campaign_check_earlier(&arguments->plan, earlier, &reason) < 0)
        die(EXIT_USAGE, "%s: %s", path, reason);
}

/* That of the bench that is gone on from, or the cheaper one. */
static void settle_engine(struct bench_arguments *arguments, const json_t *earlier)
{
    if (arguments->load.engine != NULL)
        return;
    const char *name = run_text(earlier, "plan", "engine");
    const struct engine *engine = name != NULL ? engine_find(name) : NULL;
    if (engine == NULL)
        engine = calibration_choose(&arguments->load);
    arguments->cell.load.engine = engine;
    for (size_t i = 0; i < arguments->suite.count; i++)
        arguments->suite.cells[i].load.engine = engine;
}

static void explain(FILE *stream, const struct bench_plan *plan)
{
    char text[QUANTITY_TEXT_BYTES];
    fprintf(stream,
            "Medians over %u slices of %s taken in turns, ± half the distance between the "
            "quartiles;\nservers started anew %u times. CPU, calls (system calls), switches "
            "(context switches)\nand bytes are the server's.\n",
            plan->rounds, quantity_duration_text((double)plan->slice_ns, text), plan->repetitions);
}

static void make_folder(const char *folder)
{
    int error = folder != NULL ? document_make_folder(folder) : 0;
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "cannot make %s: %s", folder, strerror(-error));
}

static int run_bench(struct bench_arguments *arguments)
{
    bool document_on_stdout =
        arguments->json_path != NULL && strcmp(arguments->json_path, "-") == 0;
    struct run run = {
        .stream = document_on_stdout ? stderr : stdout,
        .begin_ns = clock_now_ns(),
    };
    make_folder(arguments->output_folder);
    if (arguments->output_folder != NULL)
        run.document_path = text_of("%s/run.json", arguments->output_folder);
    command_check_output(run.document_path);
    command_check_output(arguments->json_path);
    json_t *earlier = read_earlier(arguments, run.document_path);
    settle_engine(arguments, earlier);
    check_earlier(arguments, earlier, run.document_path);
    struct campaign_watch watch = {show_progress, cell_done, &run};
    json_t *document = campaign_run(&arguments->plan, earlier, &watch);
    explain(run.stream, &arguments->plan.bench);
    int code = campaign_is_sound(document) ? EXIT_YES : EXIT_SUBJECT_FAILED;
    command_write_document(document, arguments->json_path);
    json_decref(earlier);
    free(run.document_path);
    return code;
}

int bench_command(int argc, char **argv)
{
    struct bench_arguments arguments = {
        .load = load_options_defaults(50 * NS_PER_MS),
        .plan =
            {
                .bench = {.lead_in_ns = 20 * NS_PER_MS, .seed = 1},
            },
    };
    command_parse(&bench_options_parser, argc, argv, 0, &arguments);
    pinning_choose(&arguments.plan.bench.pinning, PIN_CPUS_LEAST);
    arguments.plan.bench.is_stopped = command_stop_on_signals();
    int code = run_bench(&arguments);
    if (*arguments.plan.bench.is_stopped)
        warn("bench: stopped; what was measured is kept%s",
             arguments.output_folder != NULL ? ", and --resume goes on" : "");
    suite_release(&arguments.suite);
    cell_release(&arguments.cell);
    return code;
}
