/* The formats of HdrHistogram: rows and bytes that its documentation and its tools give. */
#include "base/bytes.h"
#include "results/measures/histogram.h"
#include "results/measures/histogram_log.h"
#include "results/measures/percentile_text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static struct histogram histogram;

static void init(void)
{
    histogram_init(&histogram);
}

static void release(void)
{
    histogram_release(&histogram);
}

TestSuite(hdr, .init = init, .fini = release);

typedef int writer(FILE *stream, const struct histogram *from);

/* To be freed. */
static char *text_by(writer *write)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    cr_assert_eq(write(stream, &histogram) < 0, false);
    fclose(stream);
    return text;
}

static void record_times(int64_t value_ns, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        histogram_record(&histogram, value_ns);
}

Test(hdr, ten_values_give_the_twenty_rows_of_hdrhistogram)
{
    static const char expected[] = "       Value   Percentile   TotalCount 1/(1-Percentile)\n\n"
                                   "    0.000001 0.000000000000            1         1.00\n"
                                   "    0.000001 0.100000000000            1         1.11\n"
                                   "    0.000002 0.200000000000            2         1.25\n"
                                   "    0.000003 0.300000000000            3         1.43\n"
                                   "    0.000004 0.400000000000            4         1.67\n"
                                   "    0.000005 0.500000000000            5         2.00\n"
                                   "    0.000006 0.550000000000            6         2.22\n"
                                   "    0.000006 0.600000000000            6         2.50\n"
                                   "    0.000007 0.650000000000            7         2.86\n"
                                   "    0.000007 0.700000000000            7         3.33\n"
                                   "    0.000008 0.750000000000            8         4.00\n"
                                   "    0.000008 0.775000000000            8         4.44\n"
                                   "    0.000008 0.800000000000            8         5.00\n"
                                   "    0.000009 0.825000000000            9         5.71\n"
                                   "    0.000009 0.850000000000            9         6.67\n"
                                   "    0.000009 0.875000000000            9         8.00\n"
                                   "    0.000009 0.887500000000            9         8.89\n"
                                   "    0.000009 0.900000000000            9        10.00\n"
                                   "    0.000010 0.912500000000           10        11.43\n"
                                   "    0.000010 1.000000000000           10          inf\n"
                                   "#[Mean    =     0.000005, StdDeviation   =     0.000003]\n"
                                   "#[Max     =     0.000010, Total count    =           10]\n"
                                   "#[Buckets =           26, SubBuckets     =         2048]\n";
    for (int64_t value_ns = 1; value_ns <= 10; value_ns++)
        histogram_record(&histogram, value_ns);
    char *text = text_by(percentile_text_write_hgrm);
    cr_expect_str_eq(text, expected);
    free(text);
}

Test(hdr, csv_has_the_same_rows)
{
    record_times(1000000, 3);
    histogram_record(&histogram, 2000000);
    char *text = text_by(percentile_text_write_csv);
    cr_expect(strstr(text, "Value,Percentile,TotalCount,1/(1-Percentile)\n"
                           "1.000447,0.000000000000,3,1.00\n") == text,
              "%s", text);
    cr_expect(strstr(text, "\n2.000895,1.000000000000,4,Infinity\n") != NULL, "%s", text);
    free(text);
}

Test(hdr, an_overflowed_value_stands_at_the_end_of_the_rows)
{
    record_times(1, 9);
    histogram_record(&histogram, 2 * HISTOGRAM_HIGHEST_NS);
    char *text = text_by(percentile_text_write_hgrm);
    cr_expect(strstr(text, "60028.878847 1.000000000000           10          inf\n") != NULL, "%s",
              text);
    free(text);
}

Test(hdr, an_empty_histogram_has_one_row)
{
    char *text = text_by(percentile_text_write_hgrm);
    cr_expect(strstr(text, "\n    0.000000 1.000000000000            0          inf\n#[Mean") !=
                  NULL,
              "%s", text);
    free(text);
}

/*** V2 ***/

Test(hdr, v2_is_header_and_runs_of_counters)
{
    /* Counters 1, 2, 5, 1000, 2048 and 7706; the runs of zeros between them are negative. */
    static const char expected[] =
        "\x1c\x84\x93\x13\0\0\0\x10\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0\x01"
        "\0\0\0\x0d\xf8\x47\x58\0\x3f\xf0\0\0\0\0\0\0"
        "\x00\x02\x06\x03\x90\x03\xc3\x0f\x0e\xad\x10\x02\xb1\x58\xd8\x04";
    histogram_record(&histogram, 1);
    record_times(2, 3);
    record_times(5, 200);
    record_times(1000, 7);
    histogram_record(&histogram, 2048);
    record_times(100000, 300);
    struct bytes encoded = {0};
    histogram_encode(&encoded, &histogram);
    cr_assert_eq(encoded.length, sizeof expected - 1);
    cr_expect_arr_eq(bytes_front(&encoded), expected, sizeof expected - 1);
    bytes_release(&encoded);
}

Test(hdr, counters_of_any_size_are_encoded)
{
    static const struct {
        uint64_t count;
        const char *bytes;
        size_t length;
    } numbers[] = {
        {63, "\x7e", 1},
        {64, "\x80\x01", 2},
        {UINT64_C(1) << 62, "\x80\x80\x80\x80\x80\x80\x80\x80\x80", 9},
        {INT64_MAX, "\xfe\xff\xff\xff\xff\xff\xff\xff\xff", 9},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        histogram.counts[0] = histogram.total = numbers[i].count;
        struct bytes encoded = {0};
        histogram_encode(&encoded, &histogram);
        cr_assert_eq(encoded.length, 40 + numbers[i].length);
        cr_expect_arr_eq(bytes_front(&encoded) + 40, numbers[i].bytes, numbers[i].length);
        bytes_release(&encoded);
    }
}

static int letter_value(char letter)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *place = strchr(letters, letter);
    return place != NULL && letter != '\0' ? (int)(place - letters) : 0;
}

Test(hdr, the_text_form_unpacks_to_the_plain_one)
{
    for (int64_t i = 0; i < 1000; i++)
        histogram_record(&histogram, i * i * 977);
    struct bytes plain = {0};
    struct bytes text = {0};
    histogram_encode(&plain, &histogram);
    histogram_encode_text(&text, &histogram);
    cr_assert_eq(text.length % 4, 0);
    cr_expect_arr_eq(bytes_front(&text), "HISTFAAA", 8);
    unsigned char packed[65536];
    size_t count = 0;
    for (size_t i = 0; i < text.length; i += 4) {
        const char *quad = bytes_front(&text) + i;
        unsigned group = 0;
        for (size_t k = 0; k < 4; k++)
            group = group << 6 | (unsigned)letter_value(quad[k]);
        for (unsigned k = 0; k < 3; k++)
            packed[count++] = (unsigned char)(group >> (16 - 8 * k));
    }
    unsigned char unpacked[65536];
    uLongf length = sizeof unpacked;
    cr_assert_eq(uncompress(unpacked, &length, packed + 8, count - 8), Z_OK);
    cr_assert_eq(length, plain.length);
    cr_expect_arr_eq(unpacked, bytes_front(&plain), length);
    bytes_release(&plain);
    bytes_release(&text);
}

static int write_log(FILE *stream, const struct histogram *from)
{
    struct histogram_log log = {.start_ns = 1441812279474000000};
    histogram_log_add(&log, "warmup", 0, 1000000000, from);
    histogram_log_add(&log, NULL, 1000000000, 2500000000, from);
    int result = histogram_log_write(stream, &log);
    histogram_log_release(&log);
    return result;
}

Test(hdr, a_log_is_a_head_and_a_line_for_each_interval)
{
    static const char head[] =
        "#[Logged by proctor]\n"
        "#[Histogram log format version 1.3]\n"
        "#[BaseTime: 1441812279.474 (seconds since epoch)]\n"
        "#[StartTime: 1441812279.474 (seconds since epoch), 2015-09-09T15:24:39Z]\n"
        "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
        "\"Interval_Compressed_Histogram\"\n"
        "Tag=warmup,0.000,1.000,2.769,HISTFAAA";
    histogram_record(&histogram, 2769000);
    char *text = text_by(write_log);
    cr_expect_eq(strncmp(text, head, sizeof head - 1), 0, "%s", text);
    cr_expect(strstr(text, "\n1.000,2.500,2.769,HISTFAAA") != NULL, "%s", text);
    free(text);
}
