/* Theory of operation: the counters, up to the last that is not 0, are written as a sequence of
 * integers, where a negative one stands for that many zeros. An integer is ZigZag-coded, so that
 * small negative ones stay short, and then cut into groups of seven bits (LEB128, but the ninth
 * byte carries eight). Header and payload are compressed with zlib under a header of their own. */
#include "results/measures/histogram_log.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "results/measures/histogram.h"
#include "text/base64.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

/* "V2", with 1 in the place of the word size, which V2 does not use. */
#define COOKIE_PLAIN      0x1c849313U
#define COOKIE_COMPRESSED 0x1c849314U

/*** Integers ***/

static void append_big_endian(struct bytes *bytes, uint64_t value, unsigned size_bytes)
{
    for (unsigned i = size_bytes; i > 0; i--) {
        char byte = (char)(value >> (8 * (i - 1)));
        bytes_append(bytes, &byte, 1);
    }
}

static void append_variable(struct bytes *bytes, int64_t number)
{
    uint64_t rest = ((uint64_t)number << 1) ^ (uint64_t)(number >> 63);
    for (int i = 0; i < 8 && rest >= 0x80; i++) {
        char byte = (char)((rest & 0x7f) | 0x80);
        bytes_append(bytes, &byte, 1);
        rest >>= 7;
    }
    char last = (char)rest;
    bytes_append(bytes, &last, 1);
}

/*** One histogram ***/

static size_t used_slots(const struct histogram *histogram)
{
    size_t used = histogram_slots();
    while (used > 0 && histogram_count_with_overflow(histogram, used - 1) == 0)
        used--;
    return used;
}

static void append_payload(struct bytes *payload, const struct histogram *histogram)
{
    size_t used = used_slots(histogram);
    for (size_t slot = 0; slot < used;) {
        uint64_t count = histogram_count_with_overflow(histogram, slot);
        if (count > 0) {
            append_variable(payload, (int64_t)count);
            slot++;
            continue;
        }
        int64_t zeros = 0;
        while (histogram_count_with_overflow(histogram, slot) == 0) {
            zeros++;
            slot++;
        }
        append_variable(payload, zeros > 1 ? -zeros : 0);
    }
}

void histogram_encode(struct bytes *encoded, const struct histogram *histogram)
{
    static const double ratio = 1;
    uint64_t ratio_bits = 0;
    memcpy(&ratio_bits, &ratio, sizeof ratio_bits);
    struct bytes payload = {0};
    append_payload(&payload, histogram);
    append_big_endian(encoded, COOKIE_PLAIN, 4);
    append_big_endian(encoded, payload.length, 4);
    append_big_endian(encoded, 0, 4); /* no normalizing offset */
    append_big_endian(encoded, HISTOGRAM_DIGITS, 4);
    append_big_endian(encoded, 1, 8); /* the lowest value told from 0 */
    append_big_endian(encoded, HISTOGRAM_HIGHEST_NS, 8);
    append_big_endian(encoded, ratio_bits, 8);
    bytes_append(encoded, bytes_front(&payload), payload.length);
    bytes_release(&payload);
}

void histogram_encode_text(struct bytes *text, const struct histogram *histogram)
{
    struct bytes plain = {0};
    struct bytes compressed = {0};
    histogram_encode(&plain, histogram);
    uLongf length = compressBound(plain.length);
    unsigned char *deflated = allocate(length, 1);
    int result = compress2(deflated, &length, (const unsigned char *)bytes_front(&plain),
                           plain.length, Z_BEST_COMPRESSION);
    assert(result == Z_OK); /* the room is what compressBound() asks for */
    append_big_endian(&compressed, COOKIE_COMPRESSED, 4);
    append_big_endian(&compressed, length, 4);
    bytes_append(&compressed, deflated, length);
    base64_append(text, bytes_front(&compressed), compressed.length);
    free(deflated);
    bytes_release(&plain);
    bytes_release(&compressed);
}

/*** Logs ***/

static int write_head(FILE *stream, int64_t start_ns)
{
    time_t start_s = (time_t)(start_ns / 1000000000);
    struct tm utc;
    char date[64];
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&start_s, &utc));
    double start = (double)start_ns / 1e9;
    return fprintf(stream,
                   "#[Logged by proctor]\n"
                   "#[Histogram log format version 1.3]\n"
                   "#[BaseTime: %.3f (seconds since epoch)]\n"
                   "#[StartTime: %.3f (seconds since epoch), %s]\n"
                   "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
                   "\"Interval_Compressed_Histogram\"\n",
                   start, start, date);
}

void histogram_log_add(struct histogram_log *log, const char *tag, int64_t begin_ns,
                       int64_t length_ns, const struct histogram *histogram)
{
    struct bytes *entries = &log->entries;
    if (tag != NULL)
        bytes_print(entries, "Tag=%s,", tag);
    double max_ms = histogram->total > 0 ? (double)histogram->max_ns / 1e6 : 0;
    bytes_print(entries, "%.3f,%.3f,%.3f,", (double)begin_ns / 1e9, (double)length_ns / 1e9,
                max_ms);
    histogram_encode_text(entries, histogram);
    bytes_append(entries, "\n", 1);
}

int histogram_log_write(FILE *stream, const struct histogram_log *log)
{
    const struct bytes *entries = &log->entries;
    if (write_head(stream, log->start_ns) < 0 ||
        fwrite(bytes_front(entries), 1, entries->length, stream) != entries->length)
        return -1;
    return 0;
}

void histogram_log_release(struct histogram_log *log)
{
    bytes_release(&log->entries);
}
