/* Requests to a server: the answer is the same wherever the network has cut them. */
#include "tests/fuzz/fuzz.h"

#include "base/memory.h"
#include "servers/protocols/protocol.h"

#include <stdlib.h>
#include <string.h>

/* Says it in pieces of that size until the server closes. The step it ends with, and the reply, to
 * be released. */
static enum next say(const uint8_t *data, size_t size, size_t piece, struct bytes *reply)
{
    struct conversation conversation = {.state = allocate(1, protocol_http.state_size)};
    enum next next = NEXT_RECEIVE;
    for (size_t at = 0; at < size && next == NEXT_RECEIVE; at += piece) {
        size_t count = size - at < piece ? size - at : piece;
        char *exact = allocate(count, 1); /* so that a sanitizer sees whoever reads on */
        memcpy(exact, data + at, count);
        next = protocol_http.received(&conversation, exact, count);
        free(exact);
    }
    protocol_http.end(&conversation);
    free(conversation.state);
    *reply = conversation.reply;
    return next;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes whole;
    enum next next = say(data, size, size, &whole);
    for (size_t piece = size / 1024 + 1; piece < size; piece = piece * 5 + 2) {
        struct bytes pieces;
        fuzz_expect(say(data, size, piece, &pieces) == next, "pieces end as the whole");
        fuzz_expect(pieces.length == whole.length &&
                        (whole.length == 0 ||
                         memcmp(bytes_front(&pieces), bytes_front(&whole), whole.length) == 0),
                    "pieces are answered as the whole");
        bytes_release(&pieces);
    }
    bytes_release(&whole);
    return 0;
}
