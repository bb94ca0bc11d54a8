/* Writes messages of Protocol Buffers, field by field, by their published wire format
 * (protobuf.dev/programming-guides/encoding): fields in any order, each with its number. */
#ifndef RESULTS_EXPORT_PROTOBUF_H
#define RESULTS_EXPORT_PROTOBUF_H

#include "base/bytes.h"

#include <stdint.h>

/* A field of an unsigned type, a bool or an enum; int32 and int64 from 0 on are the same. */
void protobuf_number(struct bytes *out, unsigned field, uint64_t value);

/* A fixed64. */
void protobuf_fixed(struct bytes *out, unsigned field, uint64_t value);

/* A message, a string (which must be UTF-8) or bytes: `inner` is released. */
void protobuf_message(struct bytes *out, unsigned field, struct bytes *inner);

#endif
