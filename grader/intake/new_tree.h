/* A folder that is filled with what a stranger has made, up to limits, and emptied again.
 *
 * Every step down is taken with a descriptor of the folder above and follows no link, so that
 * nothing outside can be reached by any name.
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

/* What a submission may have. */
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
};

/* All functions below return 0; 1 if a limit or a clash of names is in the way, with a sentence in
 * `*trouble` that the caller frees; or -errno. */

/* Begins to fill `folder`: -ENOTEMPTY if something is in it. */
int new_tree_open(struct new_tree *tree, const char *folder, const struct archive_limits *limits);
void new_tree_close(struct new_tree *tree);

/* `name` with its empty and "." parts left out, in `*path`, which the caller frees: "" is the root
 * itself. Refuses what leads elsewhere, is too long or too deep. */
int new_tree_path(const struct new_tree *tree, const char *name, char **path, char **trouble);

/* Makes a folder, and those above it, as far as they are missing. */
int new_tree_folder(struct new_tree *tree, const char *path, char **trouble);

/* Makes an empty file where nothing is yet, and the folders above it. */
int new_tree_file(struct new_tree *tree, const char *path, bool is_executable,
                  struct new_file *file, char **trouble);

/* Writes at an offset; what lies before it and was never written is a hole, and counts. */
int new_tree_write(struct new_tree *tree, struct new_file *file, const void *data, size_t count,
                   uint64_t offset, char **trouble);

/* Closes the file, its size being at least `bytes`. To be called after every new_tree_file(). */
int new_tree_finish(struct new_tree *tree, struct new_file *file, uint64_t bytes, char **trouble);

#endif
