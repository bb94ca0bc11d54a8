#include "results/export/protobuf.h"

/* How a field's value is written, the low bits of its tag. */
enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_LENGTH = 2 };

/* Seven bits a byte, the low ones first; the high bit says that more follow. */
static void varint(struct bytes *out, uint64_t value)
{
    unsigned char encoded[10];
    size_t count = 0;
    do {
        encoded[count] = (unsigned char)(value & 0x7f);
        value >>= 7;
        encoded[count++] |= value > 0 ? 0x80 : 0;
    } while (value > 0);
    bytes_append(out, encoded, count);
}

static void tag(struct bytes *out, unsigned field, unsigned wire)
{
    varint(out, (uint64_t)field << 3 | wire);
}

void protobuf_number(struct bytes *out, unsigned field, uint64_t value)
{
    tag(out, field, WIRE_VARINT);
    varint(out, value);
}

void protobuf_fixed(struct bytes *out, unsigned field, uint64_t value)
{
    unsigned char encoded[8];
    for (size_t i = 0; i < sizeof encoded; i++)
        encoded[i] = (unsigned char)(value >> (8 * i));
    tag(out, field, WIRE_FIXED64);
    bytes_append(out, encoded, sizeof encoded);
}

void protobuf_message(struct bytes *out, unsigned field, struct bytes *inner)
{
    tag(out, field, WIRE_LENGTH);
    varint(out, inner->length);
    bytes_append(out, bytes_front(inner), inner->length);
    bytes_release(inner);
}
