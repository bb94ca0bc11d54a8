#include "tests/support/feed.h"

#include "loadgen/protocols/dialogue.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

size_t feed_as(const struct dialogue *dialogue, struct request asked, struct reply *reply,
               const char *text, size_t count, size_t piece)
{
    size_t taken = 0;
    while (taken < count && reply->progress == REPLY_GOES_ON) {
        size_t next = count - taken < piece ? count - taken : piece;
        char *exact = malloc(next); /* so that a sanitizer sees whoever reads on */
        memcpy(exact, text + taken, next);
        size_t step = dialogue->protocol->take(dialogue, asked, reply, exact, next);
        free(exact);
        cr_assert(step > 0 && step <= next, "%zu of %zu", step, next);
        taken += step;
        reply->received_bytes += step;
    }
    return taken;
}
