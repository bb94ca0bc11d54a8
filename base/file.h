/* Whole files. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>
#include <stdio.h>

/* Reads a file of at most `most_bytes`. 0 and a text, with a NUL behind its `*count` bytes, that
 * the caller frees; or -errno, -EFBIG if it is longer. */
int file_read(const char *path, size_t most_bytes, char **text, size_t *count);

/* The same of a file that a user names: "-" is standard input. */
int input_read(const char *path, size_t most_bytes, char **text, size_t *count);

/* The same of what is left of a stream, which stays open. */
int stream_read(FILE *stream, size_t most_bytes, char **text, size_t *count);

#endif
