/* A sequence as a part of a page: the picture, what its patterns mean, and a table of the same. */
#ifndef RESULTS_SEQUENCE_SEQUENCE_PICTURE_H
#define RESULTS_SEQUENCE_SEQUENCE_PICTURE_H

#include "base/bytes.h"
#include "results/sequence/sequence.h"

/* Appends it, well-formed as XML too. `number` tells several on a page apart. The page has the
 * style below, once the patterns (sequence_patterns()), and the script if it runs one. */
void sequence_picture(struct bytes *out, const struct sequence *sequence, size_t number);

const char *sequence_style(void);
const char *sequence_script(void);

#endif
