/* Reads recordings. Each known field is checked; what is not understood is named with its file and
 * its line in one sentence. Kinds and keys that nobody knows are passed over, and so is a last line
 * that breaks off: who wrote it was ended. */
#ifndef RESULTS_RECORDING_RECORDING_READ_H
#define RESULTS_RECORDING_RECORDING_READ_H

#include "results/recording/recorded.h"

#include <jansson.h>

struct recorded {
    char *path;
    json_t *header; /* the first line; an object */
    const char *started;
    int64_t started_wall_ns; /* the same, as clock_wall_ns() has it; 0 if it is no time */
    struct recorded_target target;
    struct recorded_change *changes; /* in the order of time; their texts live as long as this */
    size_t count;
    size_t unknown; /* lines of kinds that are not known here */
    bool is_cut;    /* it has no end: whoever wrote it was ended, or still writes */

    json_t *texts; /* each once */
    void **blocks; /* lists */
    size_t block_count;
};

/* Reads a recording from `path`; "-" is standard input. 0, or -EINVAL with a sentence in
 * `*trouble`, which the caller frees. Release it if it could be read. */
int recorded_read(struct recorded *recorded, const char *path, char **trouble);

/* The same of a text; `path` is what the sentence calls it. */
int recorded_parse(struct recorded *recorded, const char *text, size_t count, const char *path,
                   char **trouble);
void recorded_release(struct recorded *recorded);

/* Is a text a recording, by its first line? For who reads several kinds of files. */
bool recorded_is_one(const char *text, size_t count);

#endif
