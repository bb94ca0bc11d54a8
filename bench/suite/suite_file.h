/* A suite as it stands in its file: words, not yet numbers. */
#ifndef BENCH_SUITE_SUITE_FILE_H
#define BENCH_SUITE_SUITE_FILE_H

#include <stddef.h>
#include <yaml.h>

/* Of a list, one value after the other: lists multiply. */
struct cell_file {
    char **clients;
    unsigned clients_count;
    char **size;
    unsigned size_count;
    char **depth;
    unsigned depth_count;
    char **rate;
    unsigned rate_count;
    char *protocol;
    char *requests_per_connection;
    char *idle;
    char *slow_readers;
    char *threads;
};

struct suite_file {
    char *title;
    char **models;
    unsigned models_count;
    char *rounds;
    char *repetitions;
    char *slice;
    struct cell_file *cells;
    unsigned cells_count;
};

/* A file that was read, and its text as a tree that knows its lines. */
struct suite_source {
    struct suite_file *file;
    yaml_document_t document;
};

/* 0, and the source is the caller's to release; or -EINVAL with a sentence in `*trouble`, which is
 * the caller's too. */
int suite_source_load(struct suite_source *source, const char *path, char **trouble);

/* The same of a text; `path` is what the sentence calls it. */
int suite_source_parse(struct suite_source *source, const char *text, size_t count,
                       const char *path, char **trouble);
void suite_source_release(struct suite_source *source);

/* The line, from 1, where this key of a cell (from 1; 0: of the whole suite) stands. */
unsigned suite_source_line(struct suite_source *source, unsigned cell, const char *key);

#endif
