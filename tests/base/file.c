/* Whole files. */
#include "base/file.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BYTES 20000 /* more than is read at first */

static char path[] = "/tmp/proctor-file-XXXXXX";

static void write_file(void)
{
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    for (size_t i = 0; i < BYTES; i++)
        fputc('a' + (int)(i % 26), file);
    cr_assert_eq(fclose(file), 0);
}

Test(file, is_read_whole_or_refused)
{
    char *text = NULL;
    size_t count = 0;
    write_file();
    cr_assert_eq(file_read(path, BYTES, &text, &count), 0);
    cr_expect_eq(count, BYTES);
    cr_expect_eq(strlen(text), BYTES);
    cr_expect_eq(text[BYTES - 1], 'a' + (BYTES - 1) % 26);
    free(text);
    cr_expect_eq(file_read(path, BYTES - 1, &text, &count), -EFBIG);
    unlink(path);
    cr_expect_eq(file_read(path, BYTES, &text, &count), -ENOENT);
    cr_expect_eq(file_read("/", BYTES, &text, &count), -EISDIR);
}
