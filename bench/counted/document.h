/* The counted gate as a run document. */
#ifndef BENCH_COUNTED_DOCUMENT_H
#define BENCH_COUNTED_DOCUMENT_H

#include "bench/counted/gate.h"

/* A new run document; the caller owns it. */
json_t *gate_describe(const struct gate *gate);

#endif
