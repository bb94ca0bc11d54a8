/* Replies of lines and of echoes to the load generator; the first byte says what is expected. */
#include "tests/fuzz/fuzz.h"

#include "loadgen/plan/plan.h"
#include "loadgen/protocols/protocol.h"
#include "tests/fuzz/replies.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct load_plan plans[] = {
        {.protocol = &load_protocol_exchange, .send = "PING", .expect = "+PONG"},
        {.protocol = &load_protocol_exchange, .send = "PING", .expect = "+PONG\r"},
        {.protocol = &load_protocol_exchange,
         .send = "PING",
         .expect = "+P",
         .expects_prefix = true},
        {.protocol = &load_protocol_exchange, .send = "PING"},
        {.protocol = &load_protocol_echo, .size_bytes = 1, .seed = 1},
        {.protocol = &load_protocol_echo, .size_bytes = 64, .seed = 1},
    };
    if (size > 0)
        replies_take(&plans[data[0] % (sizeof plans / sizeof plans[0])], data + 1, size - 1);
    return 0;
}
