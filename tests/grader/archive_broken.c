/* Archives that hold too much, that are broken, and disks that are full. */
#include "base/memory.h"
#include "base/random.h"
#include "grader/intake/archive.h"
#include "grader/intake/tree_empty.h"
#include "tests/support/archive_maker.h"

#include <archive.h>
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static char kinds[][8] = {"zip", "tar", "tar.gz", "tar.xz", "tar.zst", "tar.bz2"};

/*** Too much ***/

Test(archive, refuses_one_entry_too_many)
{
    for (size_t count = yard_limits.entries; count <= yard_limits.entries + 1; count++) {
        struct yard yard;
        yard_open(&yard);
        struct archive *archive = yard_begin(&yard, "zip");
        for (size_t i = 0; i < count; i++) {
            char *name = text_of("file-%zu", i);
            maker_add(archive, name, S_IFREG | 0644, "");
            free(name);
        }
        maker_close(archive);
        char *trouble = NULL;
        if (count == yard_limits.entries)
            cr_expect_eq(yard_extract(&yard, &trouble), 0, "%s", trouble);
        else
            yard_expect_refused(
                &yard, "'file-10' is one file too many: the limit is 10 files and folders");
        yard_close(&yard);
    }
}

Test(archive, counts_folders_that_are_only_in_names)
{
    struct yard yard;
    yard_open(&yard);
    struct archive *archive = yard_begin(&yard, "zip");
    for (int i = 0; i < 3; i++) {
        char *name = text_of("%d/a/b/c", i);
        maker_add(archive, name, S_IFREG | 0644, "");
        free(name);
    }
    maker_close(archive);
    yard_expect_refused(&yard, "is one file too many");
    yard_close(&yard);
}

Test(archive, refuses_bombs)
{
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        for (int together = 0; together < 2; together++) {
            struct yard yard;
            yard_open(&yard);
            struct archive *archive = yard_begin(&yard, kinds[i]);
            maker_add_zeros(archive, "half", yard_limits.bytes / 2);
            maker_add_zeros(archive, "bomb",
                            together ? yard_limits.bytes / 2 + 1 : 300 * yard_limits.bytes);
            maker_close(archive);
            yard_expect_refused(
                &yard, "'bomb' is too large: the limit for all files together is 100000 bytes");
            yard_close(&yard);
        }
    }
}

Test(archive, takes_exactly_as_many_bytes_as_allowed)
{
    struct yard yard;
    char *trouble = NULL;
    yard_open(&yard);
    struct archive *archive = yard_begin(&yard, "zip");
    maker_add_zeros(archive, "half", yard_limits.bytes / 2);
    maker_add_zeros(archive, "other", yard_limits.bytes / 2);
    maker_close(archive);
    cr_expect_eq(yard_extract(&yard, &trouble), 0, "%s", trouble);
    yard_close(&yard);
}

Test(archive, does_not_believe_the_size_in_a_header)
{
    struct yard yard;
    yard_open(&yard);
    struct archive *archive = yard_begin(&yard, "zip");
    maker_add_zeros(archive, "bomb", 2000000);
    maker_close(archive);
    char *path = yard_path(&yard, "archive");
    maker_patch(path, "\x80\x84\x1E\x00", "\x10\x00\x00\x00", 4);
    free(path);
    yard_expect_refused(&yard, "bomb");
    yard_close(&yard);
}

Test(archive, counts_a_sparse_file_by_its_size)
{
    struct yard yard;
    char *trouble = NULL;
    yard_open(&yard);
    struct archive *archive = yard_begin(&yard, "tar");
    maker_add_sparse(archive, "holes", (int64_t)yard_limits.bytes);
    maker_close(archive);
    cr_expect_eq(yard_extract(&yard, &trouble), 0, "%s", trouble);
    char *path = text_of("%s/holes", yard.inside);
    struct stat status;
    cr_expect(stat(path, &status) == 0 && status.st_size == (off_t)yard_limits.bytes);
    free(path);
    yard_close(&yard);
    yard_open(&yard);
    archive = yard_begin(&yard, "tar");
    maker_add_sparse(archive, "holes", (int64_t)yard_limits.bytes + 1);
    maker_close(archive);
    yard_expect_refused(&yard, "'holes' is too large");
    yard_close(&yard);
}

Test(archive, refuses_an_end_without_end)
{
    struct yard yard;
    yard_open(&yard);
    char *tar = yard_path(&yard, "archive");
    struct archive *archive = maker_open(tar, "tar");
    maker_add(archive, "first", S_IFREG | 0644, "right");
    maker_close(archive);
    char *command = text_of("head -c 200M /dev/zero | cat %s - | gzip -1 >%s.gz && mv %s.gz %s",
                            tar, tar, tar, tar);
    cr_assert_eq(system(command), 0); // NOLINT(cert-env33-c)
    yard_expect_refused(&yard, "its end is broken, cut short or too long");
    free(command);
    free(tar);
    yard_close(&yard);
}

/*** Broken ***/

Test(archive, refuses_an_encrypted_one)
{
    struct yard yard;
    yard_open(&yard);
    char *path = yard_path(&yard, "archive");
    struct archive *archive = archive_write_new();
    archive_write_set_format_zip(archive);
    cr_assert_eq(archive_write_set_options(archive, "zip:encryption=aes256"), ARCHIVE_OK);
    archive_write_set_passphrase(archive, "secret");
    cr_assert_eq(archive_write_open_filename(archive, path), ARCHIVE_OK);
    maker_add(archive, "server.py", S_IFREG | 0644, "text");
    maker_close(archive);
    yard_expect_refused(&yard, "'server.py' is encrypted");
    free(path);
    yard_close(&yard);
}

/* An archive of that kind with three files of random letters. */
static char *make_letters(const struct yard *yard, const char *kind, size_t *count)
{
    char *path = yard_path(yard, "archive");
    struct archive *archive = maker_open(path, kind);
    uint64_t state = 7;
    for (int i = 0; i < 3; i++) {
        char text[900] = {0};
        for (size_t k = 0; k + 1 < sizeof text; k++)
            text[k] = (char)('a' + random_below(&state, 26));
        char *name = text_of("file-%d", i);
        maker_add(archive, name, S_IFREG | 0644, text);
        free(name);
    }
    maker_close(archive);
    char *data = read_whole(path, count);
    free(path);
    return data;
}

ParameterizedTestParameters(archive, refuses_what_is_cut_short)
{
    return cr_make_param_array(char[8], kinds, LENGTH(kinds));
}

ParameterizedTest(char kind[8], archive, refuses_what_is_cut_short)
{
    struct yard yard;
    size_t count = 0;
    yard_open(&yard);
    char *data = make_letters(&yard, kind, &count);
    /* A tar may lose what fills it up, but not all of the two blocks that end it. */
    size_t whole = strcmp(kind, "tar") == 0 ? 3 * (512 + 1024) : count - 1;
    for (size_t cut = 0; cut <= whole; cut += cut + 37 > whole && cut < whole ? whole - cut : 37) {
        char *trouble = NULL;
        yard_write(&yard, "archive", data, cut);
        cr_expect_eq(yard_extract(&yard, &trouble), 1, "%s of %zu bytes, cut at %zu", kind, count,
                     cut);
        free(trouble);
        yard_check(&yard, true);
    }
    free(data);
    yard_close(&yard);
}

Test(archive, refuses_what_is_none)
{
    static const char *const contents[] = {"", "print('no archive')", "PK\3\4 and no more",
                                           "\x1F\x8B\x08 and no more",
                                           "\xFD"
                                           "7zXZ"};
    for (size_t i = 0; i < LENGTH(contents); i++) {
        struct yard yard;
        yard_open(&yard);
        yard_write(&yard, "archive", contents[i], strlen(contents[i]));
        yard_expect_refused(&yard, "broken");
        yard_close(&yard);
    }
}

static void corrupt_and_extract(const char *kind)
{
    struct yard yard;
    size_t count = 0;
    uint64_t state = 20;
    yard_open(&yard);
    char *data = make_letters(&yard, kind, &count);
    for (int i = 0; i < 300; i++) {
        size_t place = random_below(&state, count);
        char right = data[place];
        data[place] = (char)(right ^ (1 + (int)random_below(&state, 255)));
        yard_write(&yard, "archive", data, count);
        data[place] = right;
        char *trouble = NULL;
        int result = yard_extract(&yard, &trouble);
        free(trouble);
        yard_check(&yard, result != 0);
        cr_assert(tree_remove(yard.inside) == 0 && mkdir(yard.inside, 0755) == 0);
    }
    free(data);
    yard_close(&yard);
}

Test(archive, survives_corrupted_zips)
{
    corrupt_and_extract("zip");
}

Test(archive, survives_corrupted_tars)
{
    corrupt_and_extract("tar.gz");
    corrupt_and_extract("tar");
}

/*** Trouble of ours ***/

Test(archive, tells_a_full_disk_from_a_wrong_archive)
{
    struct yard yard;
    size_t count = 0;
    char *trouble = NULL;
    yard_open(&yard);
    free(make_letters(&yard, "tar", &count));
    char *path = yard_path(&yard, "archive");
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit = {.rlim_cur = 100, .rlim_max = RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    cr_expect_eq(maker_extract(path, yard.inside, &yard_limits, &trouble), -EFBIG);
    cr_expect_null(trouble);
    yard_check(&yard, true);
    free(path);
    path = yard_path(&yard, "absent");
    cr_expect_eq(maker_extract(path, yard.inside, &yard_limits, &trouble), -ENOENT);
    free(path);
    yard_close(&yard);
}

Test(archive, leaves_a_folder_alone_that_is_not_empty)
{
    struct yard yard;
    size_t count = 0;
    char *trouble = NULL;
    yard_open(&yard);
    free(make_letters(&yard, "zip", &count));
    char *path = yard_path(&yard, "archive");
    yard_write(&yard, "inside/mine", "mine", 4);
    cr_expect_eq(maker_extract(path, yard.inside, &yard_limits, &trouble), -ENOTEMPTY);
    yard_expect_file(&yard, "mine", "mine", S_IFREG | 0644);
    free(path);
    yard_close(&yard);
}
