/* Theory of operation: the file holds words (suite_file.h). Here they become numbers, and the lists
 * of a cell are multiplied out: two sizes and three counts of clients are six cells. In a list of
 * rates, the lowest comes first, since a server that falls behind a rate is spared the higher ones.
 */
#include "bench/suite/suite.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/quantity.h"
#include "bench/suite/suite_file.h"
#include "loadgen/protocols/protocols.h"
#include "text/shipped_files.h"
#include "text/yaml_text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USUAL_ROUNDS      20
#define USUAL_REPETITIONS 10
#define USUAL_SLICE_NS    (100 * NS_PER_MS)
#define ROUNDS_MAX        100000
#define CELLS_MAX         1000

struct reading {
    const char *path;
    struct suite_source *source;
    unsigned cell; /* from 1; 0: in none */
    char *trouble;
};

/* Only the first trouble counts. */
static void refuse(struct reading *reading, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void refuse(struct reading *reading, const char *key, const char *format, ...)
{
    char sentence[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    unsigned line = suite_source_line(reading->source, reading->cell, key);
    if (reading->trouble == NULL)
        reading->trouble = yaml_text_place(reading->path, line, sentence);
}

/*** Words ***/

static unsigned count_of(struct reading *reading, const char *key, const char *word, unsigned usual,
                         unsigned least, unsigned most)
{
    uint64_t count = usual;
    if (word != NULL && (quantity_parse_count(word, &count) < 0 || count > most))
        refuse(reading, key, "'%s' must be a count of at most %u, not '%.80s'", key, most, word);
    else if (count < least)
        refuse(reading, key, "'%s' must be at least %u", key, least);
    return (unsigned)count;
}

static double rate_of(struct reading *reading, const char *word)
{
    double rate_per_s = 0;
    if (word != NULL && (quantity_parse_rate_per_s(word, &rate_per_s) < 0 || rate_per_s <= 0))
        refuse(reading, "rate", "'rate' must be a rate like 10k/s, not '%.80s'", word);
    return rate_per_s;
}

static const struct load_protocol *protocol_of(struct reading *reading, const char *word)
{
    const struct load_protocol *protocol = load_protocol_find(word != NULL ? word : "echo");
    if (protocol == NULL || strcmp(protocol->name, "exchange") == 0)
        refuse(reading, "protocol", "'protocol' must be echo, http or sink, not '%.80s'", word);
    return protocol;
}

static int64_t slice_of(struct reading *reading, const char *word)
{
    int64_t slice_ns = USUAL_SLICE_NS;
    if (word != NULL && (quantity_parse_duration_ns(word, &slice_ns) < 0 ||
                         slice_ns < 10 * NS_PER_MS || slice_ns > 60 * NS_PER_S))
        refuse(reading, "slice", "'slice' must be a time from 10ms to 60s, not '%.80s'", word);
    return slice_ns;
}

/*** Cells ***/

static void add_cell(struct suite *suite, const struct load_plan *load)
{
    suite->cells = reallocate(suite->cells, suite->count + 1, sizeof *suite->cells);
    cell_init(&suite->cells[suite->count++], load);
}

/* One that is not there is one that is as usual. */
static const char *word_at(char *const *words, unsigned i)
{
    return words != NULL ? words[i] : NULL;
}

static unsigned at_least_one(unsigned count)
{
    return count > 0 ? count : 1;
}

static void add_rates(struct suite *suite, struct reading *reading, const struct cell_file *file,
                      struct load_plan load)
{
    double last_per_s = 0;
    for (unsigned i = 0; i < at_least_one(file->rate_count) && reading->trouble == NULL; i++) {
        load.rate_per_s = rate_of(reading, word_at(file->rate, i));
        if (i > 0 && load.rate_per_s <= last_per_s)
            refuse(reading, "rate", "'rate' must rise from entry to entry");
        last_per_s = load.rate_per_s;
        if (load.threads == 0 || load.threads > load.clients)
            refuse(reading, "threads", "%u threads are too many for %u clients", load.threads,
                   load.clients);
        if (suite->count == CELLS_MAX)
            refuse(reading, "clients", "the lists make more than %d cells", CELLS_MAX);
        if (reading->trouble == NULL)
            add_cell(suite, &load);
    }
}

static void add_cells(struct suite *suite, struct reading *reading, const struct cell_file *file,
                      const struct load_plan *usual)
{
    struct load_plan load = *usual;
    load.protocol = protocol_of(reading, file->protocol);
    load.threads = count_of(reading, "threads", file->threads, usual->threads, 0, 1024);
    load.silent = count_of(reading, "idle", file->idle, usual->silent, 0, 1000000);
    load.slow_readers =
        count_of(reading, "slow-readers", file->slow_readers, usual->slow_readers, 0, 100000);
    load.requests_per_connection =
        count_of(reading, "requests-per-connection", file->requests_per_connection,
                 usual->requests_per_connection, 0, INT32_MAX);
    for (unsigned i = 0; i < file->clients_count; i++)
        for (unsigned j = 0; j < at_least_one(file->size_count); j++)
            for (unsigned k = 0; k < at_least_one(file->depth_count); k++) {
                if (reading->trouble != NULL)
                    return; /* four lists of 64 entries would be refused 16 million times */
                load.clients = count_of(reading, "clients", file->clients[i], 1, 1, 1000000);
                load.size_bytes = count_of(reading, "size", word_at(file->size, j),
                                           (unsigned)usual->size_bytes, 1, 1 << 30);
                load.depth =
                    count_of(reading, "depth", word_at(file->depth, k), usual->depth, 1, 4096);
                add_rates(suite, reading, file, load);
            }
}

static void refuse_twins(const struct suite *suite, struct reading *reading)
{
    for (size_t i = 0; i < suite->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(suite->cells[i].name, suite->cells[j].name) == 0) {
                reading->cell = 0;
                refuse(reading, "cells", "duplicate cell '%s'", suite->cells[i].name);
            }
}

/*** All of it ***/

static void fill_in(struct suite *suite, struct reading *reading, const struct load_plan *usual)
{
    const struct suite_file *file = reading->source->file;
    suite->name = shipped_file_name(reading->path);
    suite->models_place =
        text_of("%s:%u", reading->path, suite_source_line(reading->source, 0, "models"));
    if (file->models_count > 0)
        suite->models = allocate(file->models_count + 1, sizeof *suite->models);
    for (unsigned i = 0; i < file->models_count; i++)
        suite->models[i] = text_of("%s", file->models[i]);
    suite->rounds = count_of(reading, "rounds", file->rounds, USUAL_ROUNDS, 1, ROUNDS_MAX);
    suite->repetitions =
        count_of(reading, "repetitions", file->repetitions,
                 suite->rounds < USUAL_REPETITIONS ? suite->rounds : USUAL_REPETITIONS, 1,
                 SUITE_REPETITIONS_MAX);
    suite->slice_ns = slice_of(reading, file->slice);
    if (suite->repetitions > suite->rounds)
        refuse(reading, "repetitions", "%u repetitions need as many rounds, but there are %u",
               suite->repetitions, suite->rounds);
    for (unsigned i = 0; i < file->cells_count; i++) {
        reading->cell = i + 1;
        add_cells(suite, reading, &file->cells[i], usual);
    }
    refuse_twins(suite, reading);
}

int suite_take(struct suite *suite, struct suite_source *source, const char *path,
               const struct load_plan *usual, char **trouble)
{
    struct reading reading = {.path = path, .source = source};
    *suite = (struct suite){0};
    fill_in(suite, &reading, usual);
    *trouble = reading.trouble;
    return reading.trouble != NULL ? -EINVAL : 0;
}

void suite_release(struct suite *suite)
{
    for (size_t i = 0; i < suite->count; i++)
        cell_release(&suite->cells[i]);
    free_texts(suite->models);
    free(suite->models_place);
    free(suite->cells);
    free(suite->name);
    *suite = (struct suite){0};
}
