#include "cli/load_output.h"

#include "base/message.h"
#include "cli/command.h"
#include "loadgen/load_document.h"
#include "results/document/document.h"
#include "results/measures/percentile_text.h"
#include "text/output_file.h"

#include <stdio.h>
#include <string.h>

/*** Text ***/

static void say_unreachable(const struct load_report *report)
{
    char address[ADDRESS_TEXT_BYTES];
    warn("load: none of %u clients could connect to %s", report->plan->clients,
         address_text(&report->plan->address, address));
    load_print_failures(stderr, "  ", &report->result.totals.failures);
}

static void print(FILE *stream, const struct load_report *report)
{
    const struct judgement *judgement = &report->judgement;
    load_print(stream, report->plan, &report->result);
    if (report->has_cost)
        server_cost_print(stream, &report->cost);
    fprintf(stream, "figures   %s\n", validity_name(judgement->verdict));
    for (size_t i = 0; i < judgement->count; i++)
        fprintf(stream, "          - %s\n", judgement->reasons[i]);
}

/* How many files go to standard output, so that the text must not. */
static unsigned count_on_stdout(const struct load_files *files)
{
    const char *const paths[] = {files->json, files->hgrm, files->hlog, files->csv};
    unsigned count = 0;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        count += paths[i] != NULL && strcmp(paths[i], "-") == 0;
    return count;
}

void load_files_check(const struct argp_state *state, const struct load_files *files)
{
    const char *const paths[] = {files->json, files->hgrm, files->hlog, files->csv};
    if (count_on_stdout(files) > 1)
        usage_error(state, "only one of --json, --hgrm, --hlog and --csv can be -");
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        command_check_output(paths[i]);
}

/*** The document ***/

static json_t *describe_validity(const struct judgement *judgement)
{
    json_t *reasons = json_array();
    for (size_t i = 0; i < judgement->count; i++)
        json_array_append_new(reasons, json_string(judgement->reasons[i]));
    return json_pack("{s:s, s:o}", "verdict", validity_name(judgement->verdict), "reasons",
                     reasons);
}

static void write_document(const char *path, const struct load_report *report)
{
    json_t *described = load_describe(report->plan, &report->result);
    if (report->has_cost)
        json_object_set_new(described, "server", server_cost_describe(&report->cost));
    json_object_set_new(described, "validity", describe_validity(&report->judgement));
    json_t *document = document_new(SCHEMA_RUN);
    json_object_set_new(document, "plan",
                        json_pack("{s:s, s:f, s:f}", "command", "load",        //
                                  "warmup_s", (double)report->warmup_ns / 1e9, //
                                  "duration_s", (double)report->duration_ns / 1e9));
    json_object_set_new(document, "seed", json_integer((json_int_t)report->plan->seed));
    json_object_set_new(document, "results", json_pack("[o]", described));
    command_write_document(document, path);
}

/*** Histograms ***/

static int write_hgrm(FILE *stream, const void *latency)
{
    return percentile_text_write_hgrm(stream, latency);
}

static int write_csv(FILE *stream, const void *latency)
{
    return percentile_text_write_csv(stream, latency);
}

static int write_log(FILE *stream, const void *log)
{
    return histogram_log_write(stream, log);
}

/* Behind the intervals, what they have come to. */
static void add_totals(struct histogram_log *log, const struct load_report *report)
{
    const struct load_result *result = &report->result;
    int64_t begin_ns = report->warmup_ns;
    int64_t length_ns = result->window_ns;
    histogram_log_add(log, "latency", begin_ns, length_ns, &result->latency);
    histogram_log_add(log, "service", begin_ns, length_ns, &result->service);
    histogram_log_add(log, "slip", begin_ns, length_ns, &result->slip);
    histogram_log_add(log, "connect", begin_ns, length_ns, &result->connect);
    histogram_log_add(log, "first-service", begin_ns, length_ns, &result->first_service);
}

static void write_file(const char *path, output_function *output, const void *content)
{
    int error = path != NULL ? output_file_write(path, output, content) : 0;
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "cannot write %s: %s", path, strerror(-error));
}

void load_output_write(const struct load_files *files, struct load_report *report)
{
    const struct load_result *result = &report->result;
    if (result->totals.clients_connected == 0)
        say_unreachable(report);
    else
        print(count_on_stdout(files) > 0 ? stderr : stdout, report);
    if (files->json != NULL)
        write_document(files->json, report);
    write_file(files->hgrm, write_hgrm, &result->latency);
    write_file(files->csv, write_csv, &result->latency);
    add_totals(&report->log, report);
    write_file(files->hlog, write_log, &report->log);
}
