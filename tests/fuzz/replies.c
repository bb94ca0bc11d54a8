#include "tests/fuzz/replies.h"

#include "base/memory.h"
#include "loadgen/plan/plan.h"
#include "loadgen/protocols/dialogue.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* Takes replies in pieces of that size, one after the other as on one connection, until one is
 * wrong or the last. A reply that has ended is counted in `*whole`; the last one is returned. */
static struct reply take(const struct dialogue *dialogue, const uint8_t *data, size_t size,
                         size_t piece, unsigned *whole)
{
    const struct request request = {.client = 1, .sequence = 1};
    struct reply reply = {0};
    *whole = 0;
    for (size_t at = 0, count = 0; at < size && reply.progress != REPLY_IS_WRONG; at += count) {
        if (reply.progress == REPLY_IS_WHOLE && reply.is_last)
            break;
        if (reply.progress == REPLY_IS_WHOLE)
            reply_reset(&reply);
        size_t most = size - at < piece ? size - at : piece;
        char *exact = allocate(most, 1); /* so that a sanitizer sees whoever reads on */
        memcpy(exact, data + at, most);
        count = dialogue->protocol->take(dialogue, request, &reply, exact, most);
        free(exact);
        fuzz_expect(count > 0 && count <= most, "each step takes something that is there");
        reply.received_bytes += count;
        *whole += reply.progress == REPLY_IS_WHOLE;
    }
    reply_release(&reply);
    return reply;
}

void replies_take(const struct load_plan *plan, const uint8_t *data, size_t size)
{
    struct dialogue dialogue;
    unsigned count = 0;
    dialogue_init(&dialogue, plan);
    struct reply whole = take(&dialogue, data, size, size, &count);
    /* A long one is cut into few pieces only, as each costs. */
    for (size_t piece = size / 1024 + 1; piece < size; piece = piece * 5 + 2) {
        unsigned pieces = 0;
        struct reply last = take(&dialogue, data, size, piece, &pieces);
        fuzz_expect(pieces == count, "pieces are as many replies as the whole");
        fuzz_expect(last.progress == whole.progress,
                    "the last reply in pieces ends as that of the whole");
        fuzz_expect(last.progress == REPLY_IS_WRONG ||
                        (last.status == whole.status && last.is_last == whole.is_last),
                    "the last reply in pieces is that of the whole");
    }
    dialogue_release(&dialogue);
}
