/* Replies of a web server to the load generator. */
#include "tests/fuzz/fuzz.h"

#include "loadgen/plan/plan.h"
#include "loadgen/protocols/protocol.h"
#include "tests/fuzz/replies.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct load_plan plan = {.protocol = &load_protocol_http, .path = "/"};
    address_parse("127.0.0.1:80", &plan.address);
    replies_take(&plan, data, size);
    return 0;
}
