/* Terminals for programs. */
#ifndef GRADER_ARENA_TERMINAL_H
#define GRADER_ARENA_TERMINAL_H

#include <sys/types.h>

/* A terminal that changes nothing: no echo, no carriage returns, no line editing. Our end, a
 * descriptor, or -errno; with the program's end, which the caller closes, and its device. */
int terminal_open(int *program_end, dev_t *device);

#endif
