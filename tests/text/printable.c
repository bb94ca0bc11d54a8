/* Bytes as people are shown them, to compare. */
#include "text/printable.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>

#define ALL SIZE_MAX

static void expect_shown(const char *bytes, size_t count, size_t most, const char *expected)
{
    char *shown = bytes_shown(bytes, count, most);
    cr_expect_str_eq(shown, expected);
    free(shown);
}

#define EXPECT_SHOWN(literal, most, expected)                                                      \
    expect_shown(literal, sizeof(literal) - 1, most, expected)

Test(printable, shows_every_byte, .timeout = 10)
{
    EXPECT_SHOWN("d\xc3\xa9j\xc3\xa0 \"vu\"\n\tx", ALL, "d\xc3\xa9j\xc3\xa0 \"vu\"\n\tx");
    EXPECT_SHOWN("A\0C\r\n", ALL, "A\\x00C\\r\n");
    EXPECT_SHOWN("\\n\\", ALL, "\\\\n\\\\");
    EXPECT_SHOWN("\x1b[31m\x7f", ALL, "\\x1b[31m\\x7f");
    EXPECT_SHOWN("\xff\xc3(\xe2\x80\xae", ALL, "\\xff\\xc3(\\xe2\\x80\\xae");
    expect_shown(NULL, 0, ALL, "");
}

Test(printable, is_cut_between_letters, .timeout = 10)
{
    EXPECT_SHOWN("abc", 2, "ab");
    EXPECT_SHOWN("a\xc3\xa9x", 2, "a");
    EXPECT_SHOWN("a\xc3\xa9x", 3, "a\xc3\xa9");
    EXPECT_SHOWN("\x80\x80\x80\x80\x80\x80", 5, "\\x80\\x80\\x80\\x80\\x80");
}
