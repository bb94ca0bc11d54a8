#include "loadgen/load_text.h"

#include "base/message.h"
#include "loadgen/worker/engine.h"
#include "results/document/document.h"
#include "results/measures/percentile_text.h"
#include "text/number.h"
#include "text/output_file.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*** Text ***/

static void print_quantiles(FILE *stream, const char *label, const struct histogram *histogram)
{
    static const struct {
        const char *name;
        double quantile;
    } rows[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1}};
    char text[NUMBER_TEXT_BYTES];
    fprintf(stream, "%-10s", label);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value_ns = (double)histogram_quantile_ns(histogram, rows[i].quantile);
        fprintf(stream, "%s%s %s", i > 0 ? "  " : "", rows[i].name,
                histogram->total > 0 ? number_duration_text(text, value_ns) : "-");
    }
    fputc('\n', stream);
}

static void print_failures(FILE *stream, const char *indent, const struct failures *failures)
{
    for (size_t i = 0; i < failures->kinds; i++) {
        const struct failure *failure = &failures->by[i];
        fprintf(stream, "%s%" PRIu64 " failed in phase %s: %s\n", indent, failure->count,
                failure_phase_name(failure->phase), failure_cause_text(failure->cause));
    }
}

static void print_offered(FILE *stream, const struct load_plan *plan,
                          const struct load_result *result)
{
    char text[NUMBER_TEXT_BYTES];
    fprintf(stream, ", %s/s offered", number_count_text(text, plan->rate_per_s));
    if (result->window_unsent > 0)
        fprintf(stream, "; %" PRIu64 " were due and never sent", result->window_unsent);
}

static void print_clients(FILE *stream, const struct load_plan *plan,
                          const struct load_totals *totals)
{
    fprintf(stream, "clients   %u asked, %u connected, %u served", plan->clients,
            totals->clients_connected, totals->clients_served);
    if (totals->clients_used < totals->clients_connected)
        fprintf(stream, ", %u not needed", totals->clients_connected - totals->clients_used);
    if (totals->clients_served < totals->clients_used)
        fprintf(stream, ", %u never served", totals->clients_used - totals->clients_served);
    if (plan->silent > 0)
        fprintf(stream, "; %u of %u silent ones connected", totals->silent_connected, plan->silent);
    fputc('\n', stream);
    if (plan->slow_readers > 0)
        fprintf(stream,
                "beside    %u of %u slow readers connected; %" PRIu64 " replies read by them\n",
                totals->slow_connected, plan->slow_readers, totals->slow_answered);
    if (totals->connections > totals->clients_connected || totals->connecting > 0)
        fprintf(stream,
                "connected %" PRIu64 " times, %" PRIu64 " served, %u connecting at the end\n",
                totals->connections, totals->connections_served, totals->connecting);
}

/* The first few kinds of what came instead of the replies that were asked for. */
static void print_replies(FILE *stream, const struct replies *replies)
{
    for (size_t i = 0; i < replies->kinds; i++) {
        char *text = reply_kind_text(&replies->by[i]);
        fprintf(stream, "          %" PRIu64 " of them: %s\n", replies->by[i].count, text);
        free(text);
    }
    if (replies->others > 0)
        fprintf(stream, "          %" PRIu64 " of them: others\n", replies->others);
}

/* Whether it is the one wanted only the reader can tell. */
static void print_first(FILE *stream, const struct reply_kind *kind)
{
    char *text = reply_kind_text(kind);
    fprintf(stream, "          the first reply was %s; --expect checks all\n", text);
    free(text);
}

static void print_requests(FILE *stream, const struct load_totals *totals)
{
    fprintf(stream,
            "requests  %" PRIu64 " sent, %" PRIu64 " answered, %" PRIu64 " failed, %" PRIu64
            " in flight at the end\n",
            totals->sent, totals->answered, failures_of_requests(&totals->failures),
            totals->in_flight);
    print_failures(stream, "          ", &totals->failures);
    print_replies(stream, &totals->unexpected);
    if (totals->first.kinds > 0)
        print_first(stream, &totals->first.by[0]);
    for (size_t i = 1; i < 4; i++) /* the others have failed */
        if (totals->by_status_class[i] > 0)
            fprintf(stream, "          %" PRIu64 " answered with %zuxx\n",
                    totals->by_status_class[i], i);
    if (totals->closed_idle > 0 || totals->sent_again > 0)
        fprintf(stream,
                "          %" PRIu64
                " connections closed by the server while idle and made anew; %" PRIu64
                " requests sent again, as theirs was closed before a reply\n",
                totals->closed_idle, totals->sent_again);
}

static void print_figures(FILE *stream, const struct load_report *report)
{
    const struct load_plan *plan = report->plan;
    const struct load_result *result = &report->result;
    char text[NUMBER_TEXT_BYTES];
    if (result->window_answered > 0) {
        fprintf(stream, "rate      %s/s over ",
                number_count_text(text, load_throughput_per_s(result)));
        fprintf(stream, "%s", number_duration_text(text, (double)result->window_ns));
    } else {
        fprintf(stream, "rate      none: nothing was answered in the window");
    }
    if (plan->rate_per_s > 0)
        print_offered(stream, plan, result);
    fputc('\n', stream);
    print_quantiles(stream, "latency", &result->latency);
    if (plan->rate_per_s > 0) {
        print_quantiles(stream, "service", &result->service);
        print_quantiles(stream, "slip", &result->slip);
    }
    print_quantiles(stream, "connect", &result->connect);
    print_quantiles(stream, "1st reply", &result->first_service);
    double cpu_us = load_generator_cpu_us_per_request(result);
    fprintf(stream, "generator %s of CPU per request (%s)\n",
            isnan(cpu_us) ? "-" : number_duration_text(text, cpu_us * 1e3), report->engine->name);
}

/* Was it stopped before that could be known? */
static bool was_stopped(const struct failures *failures)
{
    return failures->kinds > 0 && failures->by[0].cause == ECANCELED;
}

static void say_unreachable(const struct load_report *report)
{
    char address[ADDRESS_TEXT_BYTES];
    address_text(&report->plan->address, address);
    if (was_stopped(&report->result.totals.failures))
        warn("load: stopped before any of %u clients was connected to %s", report->plan->clients,
             address);
    else
        warn("load: none of %u clients could connect to %s", report->plan->clients, address);
    print_failures(stderr, "  ", &report->result.totals.failures);
}

static void print(FILE *stream, const struct load_report *report)
{
    const struct judgement *judgement = &report->judgement;
    print_clients(stream, report->plan, &report->result.totals);
    print_requests(stream, &report->result.totals);
    print_figures(stream, report);
    if (report->has_cost)
        server_cost_print(stream, &report->cost);
    fprintf(stream, "figures   %s\n", validity_name(judgement->verdict));
    for (size_t i = 0; i < judgement->count; i++)
        fprintf(stream, "          - %s\n", judgement->reasons[i]);
}

/*** Files ***/

static int write_hgrm(FILE *stream, const void *content)
{
    const struct load_report *report = content;
    return percentile_text_write_hgrm(stream, &report->result.latency);
}

static int write_csv(FILE *stream, const void *content)
{
    const struct load_report *report = content;
    return percentile_text_write_csv(stream, &report->result.latency);
}

static int write_hlog(FILE *stream, const void *content)
{
    const struct load_report *report = content;
    return histogram_log_write(stream, &report->log);
}

/* After the intervals, one entry for each histogram of the whole window. */
static void add_totals(struct histogram_log *log, const struct load_report *report)
{
    static const char *const tags[LOAD_HISTOGRAMS] = {"latency", "service", "slip", "connect",
                                                      "first-service"};
    const struct load_result *result = &report->result;
    for (size_t i = 0; i < LOAD_HISTOGRAMS; i++)
        histogram_log_add(log, tags[i], report->warmup_ns, result->window_ns,
                          &result->histograms[i]);
}

static int write_document(const char *path, const struct load_report *report)
{
    json_t *document = load_document(report);
    int error = document_write(document, path);
    json_decref(document);
    return error;
}

unsigned load_files_on_stdout(const struct load_files *files)
{
    unsigned count = 0;
    for (size_t i = 0; i < LOAD_FILES; i++)
        count += files->paths[i] != NULL && strcmp(files->paths[i], "-") == 0;
    return count;
}

int load_text_write(const struct load_files *files, struct load_report *report, const char **path)
{
    static output_function *const outputs[LOAD_FILES] = {
        [LOAD_FILE_HGRM] = write_hgrm,
        [LOAD_FILE_CSV] = write_csv,
        [LOAD_FILE_HLOG] = write_hlog,
    };
    if (report->result.totals.clients_connected == 0)
        say_unreachable(report);
    else
        print(load_files_on_stdout(files) > 0 ? stderr : stdout, report);
    add_totals(&report->log, report);
    int error = 0;
    for (size_t i = 0; i < LOAD_FILES && error == 0; i++) {
        *path = files->paths[i];
        if (*path != NULL)
            error = i == LOAD_FILE_JSON ? write_document(*path, report)
                                        : output_file_write(*path, outputs[i], report);
    }
    return error;
}
