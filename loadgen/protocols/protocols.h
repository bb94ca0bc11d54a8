/* All protocols of a load. */
#ifndef LOADGEN_PROTOCOLS_PROTOCOLS_H
#define LOADGEN_PROTOCOLS_PROTOCOLS_H

#include "loadgen/protocols/protocol.h"

/* NULL at the end. */
extern const struct load_protocol *const load_protocols[];

/* NULL: none has that name. */
const struct load_protocol *load_protocol_find(const char *name);

#endif
