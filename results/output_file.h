/* Files that are there whole or not at all. */
#ifndef RESULTS_OUTPUT_FILE_H
#define RESULTS_OUTPUT_FILE_H

#include <stdio.h>

/* Writes `content` to `stream`. 0, or -1 with errno set. */
typedef int output_function(FILE *stream, const void *content);

/* Lets `output` write to `path` ("-" is standard output), by way of a temporary name in the same
 * folder, so that a reader never sees half of it. 0 or -errno. */
int output_file_write(const char *path, output_function *output, const void *content);

/* Could it be written? 0 or -errno; leaves nothing behind. */
int output_file_check(const char *path);

#endif
