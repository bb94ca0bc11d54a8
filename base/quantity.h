/* Numbers as people type them: 10k, 250ms. */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include <stdint.h>

/* Reads a whole number with an optional suffix k, M or G (powers of 1000) or Ki, Mi, Gi (powers
 * of 1024). 0, or -EINVAL if `text` is not such a number, or -ERANGE if it does not fit. */
int quantity_parse_count(const char *text, uint64_t *count);

/* Reads a duration: a number, a decimal point allowed, and a unit ns, us, ms, s, m or h. A bare
 * number is in seconds. 0, -EINVAL or -ERANGE as above. */
int quantity_parse_duration_ns(const char *text, int64_t *duration_ns);

/* Reads a rate: a count as above, and "/s", "/min" or "/h" (default /s). 0, -EINVAL or -ERANGE. */
int quantity_parse_rate_per_s(const char *text, double *rate_per_s);

#endif
