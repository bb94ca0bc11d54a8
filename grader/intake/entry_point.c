#include "grader/intake/entry_point.h"

#include "base/bytes.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/intake/names.h"
#include "text/printable.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FILES_NAMED ((size_t)5)

struct file_list {
    char **paths;
    size_t count;
};

/*** What is there ***/

static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void add(struct file_list *files, const char *path)
{
    files->paths = reallocate(files->paths, files->count + 1, sizeof *files->paths);
    files->paths[files->count++] = text_of("%s", path);
}

static void release(struct file_list *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->paths[i]);
    free(files->paths);
}

/* All plain files below `folder`, in the order of their bytes. 0 or -errno. */
static int list(struct file_list *files, const char *folder)
{
    char *root = text_of("%s", folder);
    char *const roots[] = {root, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    int error = walk == NULL ? -errno : 0;
    FTSENT *found = NULL;
    while (error == 0 && (found = fts_read(walk)) != NULL) {
        if (found->fts_info == FTS_F)
            add(files, found->fts_path + strlen(root) + 1);
        else if (found->fts_info == FTS_ERR || found->fts_info == FTS_DNR ||
                 found->fts_info == FTS_NS)
            error = -found->fts_errno;
    }
    if (walk != NULL)
        fts_close(walk);
    free(root);
    if (files->count > 0)
        qsort(files->paths, files->count, sizeof *files->paths, compare_paths);
    return error;
}

/*** Matching ***/

#define AT_ANY_DEPTH "**/"

static bool is_for_any_depth(const char *pattern)
{
    return strncmp(pattern, AT_ANY_DEPTH, strlen(AT_ANY_DEPTH)) == 0;
}

static bool matches_as_written(const char *pattern, const char *path)
{
    const int flags = FNM_PATHNAME | FNM_PERIOD;
    if (!is_for_any_depth(pattern))
        return fnmatch(pattern, path, flags) == 0;
    for (const char *rest = path; rest != NULL; rest = strchr(rest, '/')) {
        rest += rest != path; /* the slash */
        if (fnmatch(pattern + strlen(AT_ANY_DEPTH), rest, flags) == 0)
            return true;
        if (*rest == '.')
            return false;
    }
    return false;
}

static bool is_ascii(const char *text)
{
    while (*text != '\0' && isascii((unsigned char)*text))
        text++;
    return *text == '\0';
}

/* A name with letters beyond ASCII is compared in each way that it may have been written. */
static bool matches(const char *pattern, const char *path)
{
    bool is_matched = matches_as_written(pattern, path);
    if (is_matched || is_ascii(path))
        return is_matched;
    char *wanted = name_composed(pattern, 0);
    for (size_t i = 0; i < NAME_ENCODINGS && wanted != NULL && !is_matched; i++) {
        char *composed = name_composed(path, i);
        is_matched = composed != NULL && matches_as_written(wanted, composed);
        free(composed);
    }
    free(wanted);
    return is_matched;
}

static void keep_matching(struct file_list *matching, const struct file_list *files,
                          const char *pattern)
{
    for (size_t i = 0; i < files->count; i++)
        if (matches(pattern, files->paths[i]))
            add(matching, files->paths[i]);
}

/*** Saying so ***/

/* The first of them; to be freed. */
static char *list_names(const struct file_list *files)
{
    struct bytes text = {0};
    size_t named = files->count < FILES_NAMED ? files->count : FILES_NAMED;
    for (size_t i = 0; i < named; i++) {
        char *shown = name_shown(files->paths[i]);
        bytes_print(&text, "%s%s", i > 0 ? ", " : "", shown);
        free(shown);
    }
    char *names = bytes_take_text(&text);
    if (files->count == named)
        return names;
    char *all = text_of(_("%s and %zu more"), names, files->count - named);
    free(names);
    return all;
}

/* "'*.c' or '*.py'"; to be freed. */
static char *list_patterns(char *const *patterns)
{
    char *list = text_of(_("'%s'"), patterns[0]);
    for (size_t i = 1; patterns[i] != NULL; i++) {
        char *longer = text_of(_("%s or '%s'"), list, patterns[i]);
        free(list);
        list = longer;
    }
    return list;
}

static char *say_several(const char *pattern, const struct file_list *files)
{
    char *names = list_names(files);
    char *sentence = text_of(_("several files match '%s': %s; name the program in the assignment's "
                               "'entry', or hand in one folder for each submission"),
                             pattern, names);
    free(names);
    return sentence;
}

static char *say_none(char *const *patterns, const struct file_list *files)
{
    char *names = list_names(files);
    char *wanted = list_patterns(patterns);
    char *sentence = files->count > 0
                         ? text_of(_("no file matches %s; found %s"), wanted, names)
                         : text_of(_("no file matches %s; the submission has no files"), wanted);
    free(wanted);
    free(names);
    return sentence;
}

/*** Finding ***/

static int choose(const struct file_list *files, char *const *patterns, char **entry,
                  char **trouble)
{
    for (size_t i = 0; patterns[i] != NULL; i++) {
        struct file_list matching = {0};
        keep_matching(&matching, files, patterns[i]);
        size_t count = matching.count;
        if (count == 1)
            *entry = text_of("%s", matching.paths[0]);
        else if (count > 1)
            *trouble = say_several(patterns[i], &matching);
        release(&matching);
        if (count > 0)
            return count > 1;
    }
    *trouble = say_none(patterns, files);
    return 1;
}

static bool is_matched_here(const struct file_list *files, char *const *patterns)
{
    struct file_list matching = {0};
    for (size_t i = 0; patterns[i] != NULL && matching.count == 0; i++)
        if (!is_for_any_depth(patterns[i]))
            keep_matching(&matching, files, patterns[i]);
    bool is_matched = matching.count > 0;
    release(&matching);
    return is_matched;
}

int entry_point_is_there(const char *folder, char *const *patterns)
{
    struct file_list files = {0};
    int error = list(&files, folder);
    bool is_there = error == 0 && is_matched_here(&files, patterns);
    release(&files);
    return error < 0 ? error : is_there;
}

int entry_point_find(const char *folder, char *const *patterns, char **entry, char **trouble)
{
    struct file_list files = {0};
    *entry = NULL;
    *trouble = NULL;
    int error = list(&files, folder);
    if (error == 0)
        error = choose(&files, patterns, entry, trouble);
    /* Compilers hand the bare name on to programs of their own, which take '@NAME' for a file of
     * options, whatever stands before it in our command. */
    if (error == 0 && basename(*entry)[0] == '@') {
        *trouble = name_in_sentence(
            _("'%s': compilers take a name that begins with '@' for a list of options; "
              "rename the file"),
            *entry);
        free(*entry);
        *entry = NULL;
        error = 1;
    }
    release(&files);
    return error;
}
