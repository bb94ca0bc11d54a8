#include "grader/intake/folder_size.h"

#include "base/memory.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <sys/stat.h>

#define BLOCK_BYTES 512 /* of st_blocks, whatever the file system's own are: stat(3type) */

static bool is_out_of_sight(const FTSENT *entry)
{
    bool is_error =
        entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS;
    return is_error && entry->fts_errno != ENOENT;
}

bool folder_size_exceeds(const char *folder, int64_t bytes, int64_t files)
{
    char *path = text_of("%s", folder);
    char *roots[] = {path, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    bool exceeds = tree == NULL;
    for (FTSENT *entry = NULL; !exceeds && (entry = fts_read(tree)) != NULL;) {
        if (entry->fts_info == FTS_DP)
            continue;
        if (entry->fts_info != FTS_NS && entry->fts_statp != NULL)
            bytes -= entry->fts_statp->st_blocks * BLOCK_BYTES;
        files--;
        exceeds = is_out_of_sight(entry) || bytes < 0 || files < 0;
    }
    if (tree != NULL)
        fts_close(tree);
    free(path);
    return exceeds;
}
