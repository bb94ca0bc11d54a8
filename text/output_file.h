/* Writes files completely or not at all. */
#ifndef TEXT_OUTPUT_FILE_H
#define TEXT_OUTPUT_FILE_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stdio.h>

/* Writes `content` to `stream`. 0, or -1 with errno set. */
typedef int output_function(FILE *stream, const void *content);

/* Lets `output` write to `path` ("-" is standard output), by way of a temporary name in the same
 * folder, so that a reader never sees half of it. 0 or -errno. */
int output_file_write(const char *path, output_function *output, const void *content);

/* The same for what is written bit by bit, from `begin` to `end`, which only then puts it in its
 * place, or removes it if there is an `error`. 0 or -errno. */
struct output_file {
    FILE *stream;
    char *target;
    char *temporary;
};

int output_file_begin(struct output_file *file, const char *path);
int output_file_end(struct output_file *file, int error);

/* The same for content that is in memory. */
int output_file_write_bytes(const char *path, const struct bytes *content);

/* Could the file be written? 0 or -errno; leaves nothing behind. */
int output_file_check(const char *path);

/* Removes from `folder` the half-written files that a killed program left: temporary files of names
 * that are `is_ours`, if nobody holds their lock. */
typedef bool output_file_is_ours_function(const char *name, const void *context);
void output_file_sweep(const char *folder, output_file_is_ours_function *is_ours,
                       const void *context);

#endif
