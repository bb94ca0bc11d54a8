/* Bytes as base64, and back (RFC 4648, section 10). */
#include "text/base64.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

static const char *const pairs[][2] = {
    {"", ""},        {"f", "Zg=="},          {"fo", "Zm8="},
    {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}, {"\xff\xfe\xfd", "//79"},
};

Test(base64, stands_for_bytes)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct bytes out = {0};
        base64_append(&out, pairs[i][0], strlen(pairs[i][0]));
        bytes_append(&out, "", 1);
        cr_expect_str_eq(bytes_front(&out), pairs[i][1]);
        bytes_release(&out);
        cr_expect_eq(base64_decode(&out, pairs[i][1]), 0);
        bytes_append(&out, "", 1);
        cr_expect_str_eq(bytes_front(&out), pairs[i][0]);
        bytes_release(&out);
    }
}

Test(base64, refuses_what_stands_for_nothing)
{
    static const char *const texts[] = {"Z", "Zg", "Zg=", "Z?==", "Zg==Zg=="};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct bytes out = {0};
        cr_expect_eq(base64_decode(&out, texts[i]), -EINVAL, "%s", texts[i]);
        cr_expect_eq(out.length, 0);
    }
}
