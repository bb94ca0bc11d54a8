/* The counted gate for people. */
#ifndef BENCH_COUNTED_TEXT_H
#define BENCH_COUNTED_TEXT_H

#include "bench/counted/gate.h"

#include <stdio.h>

/* The verdict in words, a table, and with `explains` where the differences lie. */
void gate_print(FILE *stream, const struct gate *gate, bool explains);

/* Why the verdict on this quantity is what it is, as a sentence; the caller frees. */
char *judged_reason(const struct judged *judged, enum quantity quantity);

#endif
