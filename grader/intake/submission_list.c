#include "grader/intake/submission_list.h"

#include "base/memory.h"
#include "grader/intake/archive_kind.h"
#include "grader/intake/names.h"
#include "text/printable.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* Of the languages that submissions are written in. */
static const char *const source_suffixes[] = {
    ".c",  ".cc",  ".cpp",  ".cs",    ".cxx", ".erl",   ".ex",  ".exs", ".go",
    ".hs", ".jar", ".java", ".js",    ".kt",  ".lua",   ".mjs", ".php", ".pl",
    ".py", ".rb",  ".rs",   ".scala", ".sh",  ".swift", ".ts",  NULL};

/*** Ids ***/

static size_t stem_bytes(const char *name)
{
    size_t archive_stem = archive_stem_bytes(name);
    const char *dot = strrchr(name, '.');
    if (archive_stem < strlen(name) || dot == NULL || dot == name)
        return archive_stem;
    for (const char *const *suffix = source_suffixes; *suffix != NULL; suffix++)
        if (strcasecmp(dot, *suffix) == 0)
            return (size_t)(dot - name);
    return strlen(name);
}

/* The last part of the path, slashes at the end apart; the caller frees. */
static char *last_part(const char *path)
{
    size_t end = strlen(path);
    while (end > 0 && path[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    return text_of("%.*s", (int)(end - begin), path + begin);
}

static bool says_nothing(const char *name)
{
    return name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

char *submission_id(const char *path)
{
    char *name = last_part(path);
    char *real = says_nothing(name) ? realpath(path, NULL) : NULL;
    if (real != NULL) {
        free(name);
        name = last_part(real);
        free(real);
    }
    name[stem_bytes(name)] = '\0';
    char *id = name_as_id(name);
    free(name);
    return id;
}

/*** The list ***/

/* Has one of the first `count` this id, other than the one at `except`? */
static bool is_taken(const struct submission_list *list, size_t count, const char *id,
                     size_t except)
{
    for (size_t i = 0; i < count; i++)
        if (i != except && strcmp(list->submissions[i].id, id) == 0)
            return true;
    return false;
}

/* The first with a name keeps it. A new name avoids those of all others, later ones included. */
static void make_unique(struct submission_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct submission_named *named = &list->submissions[i];
        char *own = named->id;
        if (!is_taken(list, i, own, i))
            continue;
        char *fresh = NULL;
        for (unsigned number = 2; fresh == NULL || is_taken(list, list->count, fresh, i);
             number++) {
            free(fresh);
            fresh = text_of("%s-%u", own, number);
        }
        named->id = fresh;
        free(own);
    }
}

int submission_list_read(struct submission_list *list, char *const *paths, size_t count,
                         char **trouble)
{
    *trouble = NULL;
    *list = (struct submission_list){.submissions = allocate(count, sizeof *list->submissions)};
    for (size_t i = 0; i < count; i++) {
        struct stat status;
        if (stat(paths[i], &status) < 0) {
            int error = -errno;
            char *shown = name_shown(paths[i]);
            *trouble = text_of("submission '%s': %s", shown, strerror(-error));
            free(shown);
            submission_list_release(list);
            return error;
        }
        list->submissions[list->count++] = (struct submission_named){
            .path = text_of("%s", paths[i]), .id = submission_id(paths[i])};
    }
    make_unique(list);
    return 0;
}

void submission_list_release(struct submission_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->submissions[i].path);
        free(list->submissions[i].id);
    }
    free(list->submissions);
    *list = (struct submission_list){0};
}
