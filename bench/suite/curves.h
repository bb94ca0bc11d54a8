/* What only several cells together show: how memory grows with connections, and how much a server
 * can be offered before it falls behind. */
#ifndef BENCH_SUITE_CURVES_H
#define BENCH_SUITE_CURVES_H

#include <jansson.h>
#include <stdbool.h>

/* Does a server keep up with what it is offered? If not, it is behind its knee. */
bool curves_keeps_up(double offered_per_s, double achieved_per_s);

/* Do two loads, as documents describe them, differ in nothing but these keys (NULL at the end) and
 * in their names? */
bool curves_differ_only_in(const json_t *one, const json_t *other, const char *const keys[]);

/* A new object {memory[], rate[]} from the results of a run document, one entry for each target
 * that has two points or more (of rates: one); the caller owns it. Of a target only loads like its
 * first one are joined; `of` is the last of them.
 *
 * memory[]: target, points [[connections, bytes]…] and bytes_per_connection, the slope of the line
 * of least squares through them. rate[]: target, points [{offered_per_s, achieved_per_s, p50_ns,
 * p99_ns}…] and knee_per_s, the highest rate that it kept up with, or null. */
json_t *curves_describe(const json_t *results);

#endif
