/* How verdicts and lists of names read. */
#ifndef RESULTS_PAGE_WORDS_H
#define RESULTS_PAGE_WORDS_H

#include "base/bytes.h"

#include <jansson.h>

/* Begins the line that says what was found, in the colour of the verdict and with its sign. NULL,
 * or a verdict that nobody knows: neither. The caller ends the paragraph. */
void words_begin_score(struct bytes *out, const char *verdict);

/* Texts as they are said: "A", "A and B", "A, B and C"; a dash for none. */
void words_append_list(struct bytes *out, const json_t *texts);

#endif
