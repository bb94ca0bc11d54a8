/* Histograms in the interchange format of HdrHistogram, "V2", and logs of them (".hlog"), readable
 * by its original tools. A log has an entry for each interval, with a tag that says of what. */
#ifndef RESULTS_MEASURES_HISTOGRAM_LOG_H
#define RESULTS_MEASURES_HISTOGRAM_LOG_H

#include "base/bytes.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct histogram;

/* All zero is a log without entries. */
struct histogram_log {
    int64_t start_ns;     /* since 1970 */
    struct bytes entries; /* as they will be written */
};

/* Adds an entry, for an interval that begins `begin_ns` after the start of the log. Its tag has
 * neither comma nor blank; NULL: none. Maxima are in milliseconds, as the readers expect of values
 * in nanoseconds. */
void histogram_log_add(struct histogram_log *log, const char *tag, int64_t begin_ns,
                       int64_t length_ns, const struct histogram *histogram);

/* Writes the whole log. 0, or -1 with errno set. */
int histogram_log_write(FILE *stream, const struct histogram_log *log);

void histogram_log_release(struct histogram_log *log);

/* Appends the plain V2 form: header and payload, before they are compressed. */
void histogram_encode(struct bytes *encoded, const struct histogram *histogram);

/* Appends the compressed form in base64, as it stands in logs. */
void histogram_encode_text(struct bytes *text, const struct histogram *histogram);

#endif
