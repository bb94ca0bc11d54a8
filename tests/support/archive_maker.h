/* Archives for tests, right ones and wrong ones, and folders to unpack them in. */
#ifndef TESTS_SUPPORT_ARCHIVE_MAKER_H
#define TESTS_SUPPORT_ARCHIVE_MAKER_H

#include "grader/intake/archive.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* An archive that is being written; libarchive's. */
struct archive;

/* A folder of a test's own. What is unpacked goes into "inside"; beside it lies "witness", and
 * nothing may ever happen to it. */
struct yard {
    char folder[64];
    char inside[96];
};

void yard_open(struct yard *yard);
void yard_close(struct yard *yard);

/* The path of `name` in the yard; the caller frees. */
char *yard_path(const struct yard *yard, const char *name);
void yard_write(const struct yard *yard, const char *name, const void *data, size_t count);
void yard_folder(const struct yard *yard, const char *name);

/* Fails the test if anything lies in the yard besides "inside", "witness" and files whose names
 * begin with "archive"; if the witness has changed; or, where that is asked for, if anything lies
 * in "inside". */
void yard_check(const struct yard *yard, int inside_is_empty);

/* Begins the archive of the yard, "archive", and unpacks it with small limits: 0; or 1 with what
 * was said, which the caller frees. */
struct archive *yard_begin(const struct yard *yard, const char *kind);
extern const struct archive_limits yard_limits;
int yard_extract(const struct yard *yard, char **trouble);

/* archive_extract(), where what is left out is none of the test's business. */
int maker_extract(const char *path, const char *folder, const struct archive_limits *limits,
                  char **trouble);

/* Unpacks it and fails the test unless it is refused with these words and nothing has happened. */
void yard_expect_refused(const struct yard *yard, const char *why);

/* Fails the test unless there is this file in "inside". */
void yard_expect_file(const struct yard *yard, const char *name, const char *text, mode_t mode);

/* How many names are in a folder. */
size_t count_names(const char *folder);

/* The file's content, `*count` bytes; the caller frees. */
char *read_whole(const char *path, size_t *count);

/* Begins an archive: "zip", "tar", "tar.gz", "tar.xz", "tar.zst", "tar.bz2"; ends it. */
struct archive *maker_open(const char *path, const char *kind);
void maker_close(struct archive *archive);

/* Adds an entry with its file type and mode as stat(2) has them. */
void maker_add(struct archive *archive, const char *name, mode_t mode, const char *text);
void maker_add_link(struct archive *archive, const char *name, const char *target, int is_hard);

/* Adds a file of zeros that are really in the archive, or of which only the last byte is. */
void maker_add_zeros(struct archive *archive, const char *name, uint64_t bytes);
void maker_add_sparse(struct archive *archive, const char *name, int64_t bytes);

/* Replaces each occurrence of the `count` bytes `from` in the file by `to`; at least one. */
void maker_patch(const char *path, const char *from, const char *to, size_t count);

/* An archive in the yard with files of these names, an array that NULL ends. */
void yard_write_archive(const struct yard *yard, const char *name, const char *kind,
                        const char *const *entries);

#endif
