/* Replies of any protocol, cut anywhere. */
#ifndef TESTS_FUZZ_REPLIES_H
#define TESTS_FUZZ_REPLIES_H

#include <stddef.h>
#include <stdint.h>

struct load_plan;

/* Takes the bytes as the replies of one connection, one after the other: aborts where a step takes
 * nothing, or where the replies are others because they were cut elsewhere. */
void replies_take(const struct load_plan *plan, const uint8_t *data, size_t size);

#endif
