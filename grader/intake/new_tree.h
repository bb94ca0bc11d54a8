/* A folder that is filled, within limits, with files from a source that is not trusted.
 *
 * Every step down is taken from a descriptor of the folder above and follows no link, so no name
 * can reach anything outside.
 */
#ifndef GRADER_INTAKE_NEW_TREE_H
#define GRADER_INTAKE_NEW_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct archive_limits {
    size_t entries; /* files and folders */
    uint64_t bytes; /* the sizes of all files together, holes included */
    unsigned depth; /* names in a path */
};

/* The limits of a submission. */
extern const struct archive_limits archive_limits_default;

struct new_tree {
    int root;
    const struct archive_limits *limits;
    size_t made;    /* files and folders */
    uint64_t bytes; /* of the files that are complete */
};

/* A file of it that is being written. */
struct new_file {
    int fd;
    const char *path; /* the caller's */
    uint64_t bytes;   /* its size so far */
    bool is_program;  /* begins as one that the kernel runs by itself */
};

/* All functions below return 0; 1 if a limit would be broken or two names clash, with a sentence in
 * `*trouble` that the caller frees; or -errno. */

/* Begins to fill `folder`: -ENOTEMPTY if something is in it. */
int new_tree_open(struct new_tree *tree, const char *folder, const struct archive_limits *limits);
void new_tree_close(struct new_tree *tree);

/* `name` without its empty and "." parts, in `*path`, which the caller frees: "" is the root
 * itself. Refuses a name that leads outside, is too long or too deep. */
int new_tree_path(const struct new_tree *tree, const char *name, char **path, char **trouble);

/* Makes a folder, and those above it, as far as they are missing. */
int new_tree_folder(struct new_tree *tree, const char *path, char **trouble);

/* Makes an empty file where nothing is yet, and the folders above it. */
int new_tree_file(struct new_tree *tree, const char *path, bool is_executable,
                  struct new_file *file, char **trouble);

/* Writes at an offset; what lies before it and was never written is a hole, and counts. What begins
 * as a program does is made executable: archives made on Windows know no such bit. */
int new_tree_write(struct new_tree *tree, struct new_file *file, const void *data, size_t count,
                   uint64_t offset, char **trouble);

/* Closes the file, its size being at least `bytes`; to be called after every new_tree_file(). One
 * that begins with "#!" or as ELF may be executed in any case: Windows and its zips know no such
 * bit.
 * `error` is what has become of writing it: unless it is 0, that is returned. */
int new_tree_finish(struct new_tree *tree, struct new_file *file, uint64_t bytes, int error,
                    char **trouble);

#endif
