/* Numbers with their units. */
#include "text/number.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#define LENGTH(list) (sizeof(list) / sizeof *(list))

static void expect_number(const char *expected, enum unit unit, double value, double noise)
{
    char text[NUMBER_TEXT_BYTES];
    cr_expect_str_eq(number_text(text, unit, value, noise), expected, "%s, not %s", text, expected);
}

Test(number, has_no_more_digits_than_its_noise_leaves)
{
    expect_number("81.0k/s", UNIT_PER_SECOND, 81000, NAN);
    expect_number("81k/s", UNIT_PER_SECOND, 81234, 4000);
    expect_number("81.2k/s", UNIT_PER_SECOND, 81234, 300);
    expect_number("81.23k/s", UNIT_PER_SECOND, 81234, 0.001);
    expect_number("2.120", UNIT_COUNT, 2.12, 0.0001);
    expect_number("0.31", UNIT_COUNT, 0.3123, 0.02);
}

Test(number, has_a_unit_that_fits)
{
    expect_number("32.3 µs", UNIT_NANOSECONDS, 32258, NAN);
    expect_number("1.00 ms", UNIT_NANOSECONDS, 999999, NAN);
    expect_number("9.83 µs", UNIT_MICROSECONDS, 9.83, NAN);
    expect_number("37.5 KiB", UNIT_BYTES, 38400, NAN);
    expect_number("200 ms", UNIT_SECONDS, 0.2, NAN);
    expect_number("0 ns", UNIT_NANOSECONDS, 0, NAN);
    expect_number("−3.10 %", UNIT_PARTS, -0.031, NAN);
}

Test(number, is_a_dash_where_nothing_was_measured)
{
    expect_number("–", UNIT_COUNT, NAN, 1);
    expect_number("–", UNIT_BYTES, INFINITY, NAN);
}

Test(number, keeps_to_its_room_whatever_the_document_says)
{
    expect_number("1.80e+299G/s", UNIT_PER_SECOND, 1.797e308, NAN);
    expect_number("−1.80e+308", UNIT_COUNT, -1.797e308, 1e-300);
    expect_number("0.000000000", UNIT_COUNT, 1e-300, NAN);
}

static void expect_change(const char *expected, double change, double noise)
{
    char text[NUMBER_TEXT_BYTES];
    cr_expect_str_eq(number_change_text(text, change, noise), expected, "%s, not %s", text,
                     expected);
}

Test(number, has_a_sign_where_it_is_a_change)
{
    expect_change("+6.0 %", 0.05973, 0.015);
    expect_change("−0.5 %", -0.005486, 0.008);
    expect_change("0.0 %", -0.0004, 0.01);
    expect_change("+4 %", 0.041, 0.04);
    expect_change("+145 %", 1.4477, 0.001);
    expect_change("–", NAN, 0.001);
}

Test(number, writes_counts_with_three_digits)
{
    static const struct {
        double count;
        const char *text;
    } rows[] = {
        {0, "0"},         {12, "12"},        {999, "999"},       {0.5, "0.50"},
        {12.34, "12.3"},  {999.4, "999"},    {999.6, "1.00k"},   {1000, "1.00k"},
        {9994, "9.99k"},  {9996, "10.0k"},   {99940, "99.9k"},   {99960, "100k"},
        {123456, "123k"}, {999600, "1.00M"}, {2500000, "2.50M"}, {7.25e9, "7.25G"},
        {-12, "-12"},     {-1500, "-1.50k"}, {5e12, "5000G"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char text[NUMBER_TEXT_BYTES];
        cr_expect_eq(number_count_text(text, rows[i].count), (const char *)text);
        cr_expect_str_eq(text, rows[i].text, "%g: %s", rows[i].count, text);
    }
}

Test(number, writes_durations_with_three_digits_and_a_unit)
{
    static const struct {
        double duration_ns;
        const char *text;
    } rows[] = {
        {0, "0.00ns"},     {7, "7.00ns"},       {999.6, "1.00us"}, {45100, "45.1us"},
        {123456, "123us"}, {2500000, "2.50ms"}, {2.5e9, "2.50s"},  {90e9, "90.0s"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char text[NUMBER_TEXT_BYTES];
        cr_expect_eq(number_duration_text(text, rows[i].duration_ns), (const char *)text);
        cr_expect_str_eq(text, rows[i].text, "%g: %s", rows[i].duration_ns, text);
    }
}

Test(number, never_writes_past_its_room)
{
    char text[NUMBER_TEXT_BYTES + 1];
    text[NUMBER_TEXT_BYTES] = '!';
    number_count_text(text, -1e300);
    cr_expect_lt(strlen(text), NUMBER_TEXT_BYTES);
    cr_expect_eq(text[NUMBER_TEXT_BYTES], '!');
}
