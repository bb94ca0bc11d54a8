#include "grader/intake/wrapping.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/intake/archive.h"
#include "grader/intake/archive_kind.h"
#include "grader/intake/entry_point.h"
#include "grader/intake/tree_empty.h"
#include "text/printable.h"

#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LAYERS_MAX 4 /* a folder in an archive in a folder in an archive */

char *wrapping_new_folder(const char *scratch, const char *id)
{
    char *real = realpath(scratch, NULL);
    if (real == NULL)
        return NULL;
    char *folder = text_of("%s/%s-XXXXXX", real, id);
    free(real);
    if (mkdtemp(folder) != NULL && chmod(folder, 0755) == 0)
        return folder;
    int error = errno;
    free(folder);
    errno = error;
    return NULL;
}

/*** Layers ***/

static int is_entry(const struct dirent *found)
{
    return strcmp(found->d_name, ".") != 0 && strcmp(found->d_name, "..") != 0;
}

/* The only name in the folder, or NULL: there are none or several; the caller frees. 0 or -errno.
 */
static int find_only_name(const char *folder, char **name)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_entry, alphasort);
    if (count < 0)
        return -errno;
    *name = count == 1 ? text_of("%s", entries[0]->d_name) : NULL;
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return 0;
}

/* `sentence` leaves room for the name. */
static void note(const struct wrapping *wrapping, const char *sentence, const char *name)
{
    char *text = name_in_sentence(sentence, name);
    json_array_append_new(wrapping->done, json_string(text));
    free(text);
}

/* Its folder becomes `fresh`, which is taken over unless there was an error. */
static int move_to(struct wrapping *wrapping, char *fresh, int error)
{
    if (error == 0)
        error = tree_remove(wrapping->folder);
    if (error != 0) {
        tree_remove(fresh);
        free(fresh);
        return error;
    }
    free(wrapping->folder);
    wrapping->folder = fresh;
    return 0;
}

/* Takes the layer of this name off; *is_layer: it was one. */
static int take_layer(struct wrapping *wrapping, const char *name, bool *is_layer, char **trouble)
{
    char *inner = text_of("%s/%s", wrapping->folder, name);
    struct stat status;
    int error = lstat(inner, &status) < 0 ? -errno : 0;
    bool is_folder = error == 0 && S_ISDIR(status.st_mode);
    int is_archive = error == 0 && !is_folder ? archive_is_one(inner) : 0;
    *is_layer = error == 0 && (is_folder || is_archive > 0);
    char *fresh = *is_layer ? wrapping_new_folder(wrapping->scratch, wrapping->id) : NULL;
    if (is_archive < 0)
        error = is_archive;
    else if (*is_layer && fresh == NULL)
        error = -errno;
    if (fresh != NULL && is_folder)
        error = rename(inner, fresh) < 0 ? -errno : 0;
    else if (fresh != NULL)
        error = archive_extract(inner, fresh, &archive_limits_default, wrapping->left_out, trouble);
    if (fresh != NULL)
        error = move_to(wrapping, fresh, error);
    if (*is_layer && error == 0)
        note(wrapping,
             is_folder ? _("the folder '%s' was entered, as it is all that was handed in")
                       : _("the archive '%s' was unpacked, as it is all that was handed in"),
             name);
    free(inner);
    return error;
}

/* 0 to 2 as entry_point_is_there(), or -errno. */
static int is_bare(const struct wrapping *wrapping, char *const *patterns)
{
    bool has_patterns = patterns != NULL && patterns[0] != NULL;
    return has_patterns ? entry_point_is_there(wrapping->folder, patterns) : 0;
}

static int take_layers(struct wrapping *wrapping, char *const *patterns, char **trouble)
{
    int error = 0;
    bool is_layer = true;
    for (int i = 0; i < LAYERS_MAX && is_layer && error == 0; i++) {
        int bare = is_bare(wrapping, patterns);
        char *only = NULL;
        error = bare < 0 ? bare : find_only_name(wrapping->folder, &only);
        is_layer = error == 0 && bare == 0 && only != NULL;
        if (is_layer)
            error = take_layer(wrapping, only, &is_layer, trouble);
        free(only);
    }
    return error;
}

/*** Virtual environments ***/

/* PEP 405: a folder with this file is one. */
#define MARK_OF_ENVIRONMENT "pyvenv.cfg"

static bool is_environment(const FTSENT *found)
{
    char *mark = text_of("%s/" MARK_OF_ENVIRONMENT, found->fts_path);
    bool is_one = access(mark, F_OK) == 0;
    free(mark);
    return is_one;
}

/* But for the submission's folder itself, which somebody may have made into one. */
static int take_out_environments(const struct wrapping *wrapping)
{
    char *const roots[] = {wrapping->folder, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    int error = walk == NULL ? -errno : 0;
    FTSENT *found = NULL;
    while (error == 0 && (found = fts_read(walk)) != NULL) {
        if (found->fts_info != FTS_D || found->fts_level == 0 || !is_environment(found))
            continue;
        const char *name = found->fts_path + strlen(wrapping->folder) + 1;
        left_out_note(wrapping->left_out, LEFT_OUT_TOOLS, name, strlen(name));
        fts_set(walk, found, FTS_SKIP);
        error = tree_remove(found->fts_path);
    }
    if (walk != NULL)
        fts_close(walk);
    return error;
}

int wrapping_take_off(struct wrapping *wrapping, char *const *patterns, char **trouble)
{
    int error = take_layers(wrapping, patterns, trouble);
    return error == 0 ? take_out_environments(wrapping) : error;
}
