/* Messages without replies. One counts as answered when the other side's kernel has
 * acknowledged its last byte; on a loopback connection that is when the server reads it, or 40 ms
 * later if it does not. */
#include "loadgen/protocols/dialogue.h"

const struct load_protocol load_protocol_sink = {
    .name = "sink",
    .summary = "one way: answered once the peer's kernel has it",
    .is_acknowledged = true,
    .prepare = dialogue_prepare_payload,
    .write = dialogue_write_payload,
};
