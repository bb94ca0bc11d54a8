/* Checks the load generator against a responder whose delays are known. */
#ifndef LOADGEN_SELF_TEST_H
#define LOADGEN_SELF_TEST_H

#include <stdio.h>

/* Runs every scenario, each with a responder in a process of its own, and prints what was measured
 * beside what was true. How many figures were further off than they may be, or -errno. */
int self_test_run(FILE *stream);

#endif
