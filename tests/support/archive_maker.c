#include "tests/support/archive_maker.h"

#include "base/memory.h"
#include "grader/intake/tree_empty.h"

#include <archive.h>
#include <archive_entry.h>
#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WITNESS "nobody may touch this"

/*** Yards ***/

void yard_open(struct yard *yard)
{
    strcpy(yard->folder, "/tmp/proctor-yard-XXXXXX");
    cr_assert_not_null(mkdtemp(yard->folder));
    snprintf(yard->inside, sizeof yard->inside, "%s/inside", yard->folder);
    cr_assert_eq(mkdir(yard->inside, 0755), 0);
    yard_write(yard, "witness", WITNESS, strlen(WITNESS));
}

void yard_close(struct yard *yard)
{
    cr_expect_eq(tree_remove(yard->folder), 0);
}

char *yard_path(const struct yard *yard, const char *name)
{
    return text_of("%s/%s", yard->folder, name);
}

void yard_write(const struct yard *yard, const char *name, const void *data, size_t count)
{
    char *path = yard_path(yard, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    cr_assert(fd >= 0 && write(fd, data, count) == (ssize_t)count, "%s", path);
    close(fd);
    free(path);
}

size_t count_names(const char *folder)
{
    DIR *names = opendir(folder);
    cr_assert_not_null(names, "%s", folder);
    size_t count = 0;
    while (readdir(names) != NULL)
        count++;
    closedir(names);
    return count - 2;
}

void yard_folder(const struct yard *yard, const char *name)
{
    char *path = yard_path(yard, name);
    cr_assert_eq(mkdir(path, 0755), 0, "%s", path);
    free(path);
}

void yard_check(const struct yard *yard, int inside_is_empty)
{
    DIR *names = opendir(yard->folder);
    struct dirent *entry = NULL;
    while ((entry = readdir(names)) != NULL)
        cr_expect(entry->d_name[0] == '.' || strcmp(entry->d_name, "inside") == 0 ||
                      strcmp(entry->d_name, "witness") == 0 ||
                      strncmp(entry->d_name, "archive", 7) == 0,
                  "%s lies outside", entry->d_name);
    closedir(names);
    char *witness = yard_path(yard, "witness");
    struct stat status;
    size_t count = 0;
    char *text = read_whole(witness, &count);
    cr_expect(count == strlen(WITNESS) && memcmp(text, WITNESS, count) == 0);
    cr_expect(stat(witness, &status) == 0 && status.st_mode == (S_IFREG | 0644) &&
              status.st_nlink == 1);
    free(text);
    free(witness);
    if (inside_is_empty)
        cr_expect_eq(count_names(yard->inside), 0);
}

char *read_whole(const char *path, size_t *count)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    cr_assert(fd >= 0 && fstat(fd, &status) == 0, "%s", path);
    char *data = allocate((size_t)status.st_size + 1, 1);
    cr_assert_eq(read(fd, data, (size_t)status.st_size), status.st_size);
    close(fd);
    *count = (size_t)status.st_size;
    return data;
}

/*** What becomes of an archive ***/

const struct archive_limits yard_limits = {.entries = 10, .bytes = 100000, .depth = 4};

int maker_extract(const char *path, const char *folder, const struct archive_limits *limits,
                  char **trouble)
{
    struct left_out left_out = {0};
    int result = archive_extract(path, folder, limits, &left_out, trouble);
    left_out_release(&left_out);
    return result;
}

int yard_extract(const struct yard *yard, char **trouble)
{
    char *path = yard_path(yard, "archive");
    int result = maker_extract(path, yard->inside, &yard_limits, trouble);
    free(path);
    cr_expect(result >= 0, "trouble of ours: %s", strerror(-result));
    cr_expect_eq(result == 1, *trouble != NULL);
    return result;
}

struct archive *yard_begin(const struct yard *yard, const char *kind)
{
    char *path = yard_path(yard, "archive");
    struct archive *archive = maker_open(path, kind);
    free(path);
    return archive;
}

void yard_expect_refused(const struct yard *yard, const char *why)
{
    char *trouble = NULL;
    cr_expect_eq(yard_extract(yard, &trouble), 1, "taken, where '%s' was to be said", why);
    cr_expect(trouble != NULL && strstr(trouble, why) != NULL, "said: %s, not: %s", trouble, why);
    cr_expect(trouble == NULL || strchr(trouble, '\n') == NULL);
    free(trouble);
    yard_check(yard, true);
}

void yard_expect_file(const struct yard *yard, const char *name, const char *text, mode_t mode)
{
    char *path = text_of("%s/%s", yard->inside, name);
    struct stat status;
    size_t count = 0;
    char *content = read_whole(path, &count);
    cr_expect_str_eq(content, text, "%s", name);
    cr_expect(stat(path, &status) == 0 && status.st_mode == mode, "%s has mode %o", name,
              status.st_mode);
    free(content);
    free(path);
}

/*** Archives ***/

static void choose_format(struct archive *archive, const char *kind)
{
    if (strcmp(kind, "zip") == 0)
        archive_write_set_format_zip(archive);
    else
        archive_write_set_format_pax_restricted(archive);
    if (strcmp(kind, "tar.gz") == 0)
        archive_write_add_filter_gzip(archive);
    if (strcmp(kind, "tar.xz") == 0)
        archive_write_add_filter_xz(archive);
    if (strcmp(kind, "tar.zst") == 0)
        archive_write_add_filter_zstd(archive);
    if (strcmp(kind, "tar.bz2") == 0)
        archive_write_add_filter_bzip2(archive);
}

struct archive *maker_open(const char *path, const char *kind)
{
    struct archive *archive = archive_write_new();
    choose_format(archive, kind);
    cr_assert_eq(archive_write_open_filename(archive, path), ARCHIVE_OK, "%s",
                 archive_error_string(archive));
    return archive;
}

void maker_close(struct archive *archive)
{
    cr_assert_eq(archive_write_free(archive), ARCHIVE_OK);
}

static struct archive_entry *entry_of(const char *name, mode_t mode, int64_t bytes)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_mode(entry, mode);
    archive_entry_set_size(entry, bytes);
    archive_entry_set_mtime(entry, 1000000000, 0);
    return entry;
}

static void add_header(struct archive *archive, struct archive_entry *entry)
{
    cr_assert_eq(archive_write_header(archive, entry), ARCHIVE_OK, "%s",
                 archive_error_string(archive));
    archive_entry_free(entry);
}

void maker_add(struct archive *archive, const char *name, mode_t mode, const char *text)
{
    add_header(archive, entry_of(name, mode, (int64_t)strlen(text)));
    if (text[0] != '\0')
        cr_assert_eq(archive_write_data(archive, text, strlen(text)), (ssize_t)strlen(text));
}

void maker_add_link(struct archive *archive, const char *name, const char *target, int is_hard)
{
    struct archive_entry *entry = entry_of(name, is_hard ? S_IFREG | 0644 : S_IFLNK | 0777, 0);
    if (is_hard)
        archive_entry_set_hardlink(entry, target);
    else
        archive_entry_set_symlink(entry, target);
    add_header(archive, entry);
}

void maker_add_zeros(struct archive *archive, const char *name, uint64_t bytes)
{
    static const char zeros[65536];
    add_header(archive, entry_of(name, S_IFREG | 0644, (int64_t)bytes));
    while (bytes > 0) {
        size_t count = bytes < sizeof zeros ? (size_t)bytes : sizeof zeros;
        cr_assert_eq(archive_write_data(archive, zeros, count), (ssize_t)count);
        bytes -= count;
    }
}

void maker_add_sparse(struct archive *archive, const char *name, int64_t bytes)
{
    struct archive_entry *entry = entry_of(name, S_IFREG | 0644, bytes);
    archive_entry_sparse_add_entry(entry, bytes - 1, 1);
    add_header(archive, entry);
    static const char zeros[65536];
    for (int64_t left = bytes; left > 0; left -= (int64_t)sizeof zeros)
        archive_write_data(archive, zeros,
                           left < (int64_t)sizeof zeros ? (size_t)left : sizeof zeros);
}

void maker_patch(const char *path, const char *from, const char *to, size_t count)
{
    size_t bytes = 0;
    char *data = read_whole(path, &bytes);
    size_t patched = 0;
    for (char *found = data; (found = memmem(found, bytes - (size_t)(found - data), from, count));
         found += count) {
        memcpy(found, to, count);
        patched++;
    }
    cr_assert_gt(patched, 0, "nothing to patch");
    int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    cr_assert(fd >= 0 && write(fd, data, bytes) == (ssize_t)bytes);
    close(fd);
    free(data);
}

void yard_write_archive(const struct yard *yard, const char *name, const char *kind,
                        const char *const *entries)
{
    char *path = yard_path(yard, name);
    struct archive *archive = maker_open(path, kind);
    for (; *entries != NULL; entries++)
        maker_add(archive, *entries, S_IFREG | 0644, "text");
    maker_close(archive);
    free(path);
}
