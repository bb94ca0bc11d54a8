#include "grader/intake/tree_digest.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES 65536

static int add_content(struct digest *digest, const char *path)
{
    char piece[PIECE_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t count = fd < 0 ? -1 : 0;
    while (fd >= 0 && (count = read(fd, piece, sizeof piece)) > 0)
        digest_add(digest, piece, (size_t)count);
    int error = count < 0 ? -errno : 0;
    if (fd >= 0)
        close(fd);
    return error;
}

/* The size comes before the content, so that one file cannot look like two. */
static int add_entry(struct digest *digest, const FTSENT *entry, size_t folder_bytes)
{
    uint64_t size = (uint64_t)entry->fts_statp->st_size;
    bool may_run = (entry->fts_statp->st_mode & S_IXUSR) != 0;
    switch (entry->fts_info) {
    case FTS_D:
        digest_add_text(digest, "folder");
        digest_add_text(digest, entry->fts_path + folder_bytes);
        return 0;
    case FTS_F:
        digest_add_text(digest, may_run ? "program" : "file");
        digest_add_text(digest, entry->fts_path + folder_bytes);
        digest_add(digest, &size, sizeof size);
        return add_content(digest, entry->fts_path);
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        return -entry->fts_errno;
    default: /* a folder once more, when all in it has been seen */
        return 0;
    }
}

static int compare_names(const FTSENT **one, const FTSENT **other)
{
    return strcmp((*one)->fts_name, (*other)->fts_name);
}

int tree_digest(const char *folder, char text[DIGEST_TEXT_BYTES])
{
    char *path = strdup(folder);
    char *const roots[] = {path, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, compare_names);
    int error = tree == NULL ? -errno : 0;
    struct digest *digest = digest_new();
    FTSENT *entry = NULL;
    errno = 0;
    while (error == 0 && (entry = fts_read(tree)) != NULL)
        error = add_entry(digest, entry, strlen(folder));
    if (error == 0 && errno != 0)
        error = -errno;
    if (tree != NULL)
        fts_close(tree);
    free(path);
    digest_finish(digest, text);
    return error;
}

int file_digest(const char *path, const char *sentence, char text[DIGEST_TEXT_BYTES])
{
    struct stat status;
    bool is_file = lstat(path, &status) == 0 && S_ISREG(status.st_mode);
    struct digest *digest = digest_new();
    digest_add_text(digest, sentence);
    int error = is_file ? add_content(digest, path) : 0;
    digest_finish(digest, text);
    return error;
}
