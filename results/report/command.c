#include "results/report/command.h"

#include "base/memory.h"
#include "text/sanitise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WHOLE_MOST 9007199254740992.0 /* beyond, a double has not all digits */

/* Adds a word as a shell reads it back. Line ends would end the command where it is pasted into a
 * terminal, and are blanks here. */
static void append_word(struct bytes *command, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_=./:,%+@";
    if (command->length > 0)
        bytes_print(command, " ");
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        bytes_print(command, "%s", word);
        return;
    }
    bytes_print(command, "'");
    for (; *word != '\0'; word++)
        if (*word == '\'')
            bytes_print(command, "'\\''");
        else
            bytes_append(command, *word == '\n' ? " " : word, 1);
    bytes_print(command, "'");
}

static void append_option(struct bytes *command, const char *option, const char *value)
{
    if (value == NULL)
        return;
    append_word(command, option);
    append_word(command, value);
}

/* Whole numbers are written with all their digits. */
static void append_number(struct bytes *command, const char *option, double value, const char *unit)
{
    bool is_whole = value == nearbyint(value) && fabs(value) < WHOLE_MOST;
    if (isfinite(value))
        bytes_print(command, is_whole ? " --%s %.0f%s" : " --%s %.9g%s", option, value, unit);
}

static void append_against(struct bytes *command, const char *name, const char *text)
{
    char *word = text_of("%s=%s", name, text);
    append_option(command, "--against", word);
    free(word);
}

/* Ours by their names, all others by name and command. */
static void append_contenders(struct bytes *command, const json_t *plan)
{
    const json_t *commands = json_object_get(plan, "commands");
    struct bytes models = {0};
    struct bytes others = {0};
    size_t i = 0;
    const json_t *target = NULL;
    json_array_foreach (json_object_get(plan, "targets"), i, target) {
        const char *name = json_string_value(target);
        const char *text = json_string_value(json_array_get(commands, i));
        if (name == NULL || text == NULL)
            continue;
        if (strcmp(name, text) == 0)
            bytes_print(&models, "%s%s", models.length > 0 ? "," : "", name);
        else
            append_against(&others, name, text);
    }
    bytes_append(&models, "", 1);
    if (models.length > 1)
        append_option(command, "--models", bytes_front(&models));
    if (others.length > 0)
        bytes_print(command, " %.*s", (int)others.length, bytes_front(&others));
    bytes_release(&models);
    bytes_release(&others);
}

/* A bench has its protocol and its rates from a suite. The document does not say which lines an
 * exchange sent. */
static void append_protocol(struct bytes *command, const json_t *result)
{
    const char *protocol = run_text(result, "cell", "protocol");
    const char *path = run_text(result, "cell", "path");
    if (protocol == NULL || strcmp(protocol, "echo") == 0)
        return;
    append_option(command, "--protocol", protocol);
    if (strcmp(protocol, "exchange") == 0)
        append_option(command, "--send", "TEXT");
    if (path != NULL && strcmp(path, "/") != 0)
        append_option(command, "--path", path);
}

/* Options at their defaults are left out. */
static void append_words_of_cell(struct bytes *command, const struct run *run)
{
    static const struct {
        const char *option;
        const char *member;
        double unsaid;
    } options[] = {{"clients", "clients", NAN},
                   {"size", "size", 64},
                   {"threads", "threads", 1},
                   {"depth", "depth", 1},
                   {"requests-per-connection", "requests_per_connection", 0},
                   {"idle", "silent", 0},
                   {"slow-readers", "slow_readers", 0}};
    const json_t *result = run->document->results[0].json;
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        double value = run_number(result, "cell", options[i].member);
        if (value != options[i].unsaid)
            append_number(command, options[i].option, value, "");
    }
    append_protocol(command, result);
}

static void append_words_of_bench(struct bytes *command, const struct run *run, const json_t *plan)
{
    const char *suite = run_text(plan, NULL, "suite");
    if (suite != NULL)
        append_option(command, "--suite", suite);
    else
        append_words_of_cell(command, run);
    append_contenders(command, plan);
    append_option(command, "--reference", run_text(plan, NULL, "reference"));
    append_number(command, "rounds", run_number(plan, NULL, "rounds"), "");
    append_number(command, "repetitions", run_number(plan, NULL, "repetitions"), "");
    append_number(command, "slice", run_number(plan, NULL, "slice_s"), "s");
}

static void append_words_of_compare(struct bytes *command, const struct run *run,
                                    const json_t *plan)
{
    const char *base = run_text(plan, NULL, "base");
    const char *new = run_text(plan, NULL, "new");
    append_word(command, base != NULL ? base : "BASE");
    append_word(command, new != NULL ? new : "NEW");
    append_words_of_cell(command, run);
    append_number(command, "budget", run_number(plan, NULL, "budget_s"), "s");
    append_number(command, "must-catch", 100 * run_number(plan, NULL, "must_catch"), "%");
    append_number(command, "slice", run_number(plan, NULL, "slice_s"), "s");
    if (json_is_null(json_object_get(plan, "pinning")))
        append_word(command, "--no-pinning");
}

static void append_words_of_load(struct bytes *command, const struct run *run, const json_t *plan)
{
    const char *address = run->targets.count > 0 ? run->targets.texts[0] : NULL;
    append_word(command, address != NULL ? address : "HOST:PORT");
    const json_t *result = run->document->results[0].json;
    append_words_of_cell(command, run);
    append_number(command, "rate", run_number(result, "cell", "rate"), "");
    if (isfinite(run_number(result, "cell", "rate")))
        append_option(command, "--arrivals", run_text(result, "cell", "arrivals"));
    append_number(command, "warmup", run_number(plan, NULL, "warmup_s"), "s");
    append_number(command, "duration", run_number(plan, NULL, "duration_s"), "s");
    append_option(command, "--engine", run_text(result, "generator", "engine"));
}

void command_append(struct bytes *out, const struct run *run)
{
    struct bytes command = {0};
    const json_t *plan = json_object_get(run->document->json, "plan");
    bytes_print(&command, "proctor %s", run_kind_names[run->document->kind]);
    if (run->document->kind == RUN_BENCH)
        append_words_of_bench(&command, run, plan);
    else if (run->document->kind == RUN_COMPARE)
        append_words_of_compare(&command, run, plan);
    else
        append_words_of_load(&command, run, plan);
    append_option(&command, "--engine", run_text(plan, NULL, "engine"));
    const json_t *seed = json_object_get(run->document->json, "seed");
    if (json_is_integer(seed))
        bytes_print(&command, " --seed %" JSON_INTEGER_FORMAT, json_integer_value(seed));
    sanitise(out, bytes_front(&command), command.length, SANITISE_HTML);
    bytes_release(&command);
}
