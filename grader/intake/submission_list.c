#include "grader/intake/submission_list.h"

#include "base/memory.h"
#include "grader/intake/archive_kind.h"
#include "grader/intake/names.h"
#include "text/printable.h"

#include <errno.h>
#include <jansson.h>
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

/* The number of the first name "own-NUMBER" that nobody has, from `number` on. */
static json_int_t free_number(const json_t *ids, const char *own, json_int_t number)
{
    for (;; number++) {
        char *fresh = text_of("%s-%lld", own, (long long)number);
        bool is_free = json_object_get(ids, fresh) == NULL;
        free(fresh);
        if (is_free)
            return number;
    }
}

/* The first with a name keeps it. A new name avoids those of all others, later ones included. Each
 * name knows the next number to try, so that a thousand of one name are not a million tries. */
static void make_unique(struct submission_list *list)
{
    json_t *ids = json_object();
    for (size_t i = 0; i < list->count; i++)
        json_object_set_new(ids, list->submissions[i].id, json_integer(0));
    for (size_t i = 0; i < list->count; i++) {
        char **id = &list->submissions[i].id;
        json_t *next = json_object_get(ids, *id);
        if (json_integer_value(next) == 0) {
            json_integer_set(next, 2);
            continue;
        }
        json_int_t number = free_number(ids, *id, json_integer_value(next));
        char *fresh = text_of("%s-%lld", *id, (long long)number);
        json_integer_set(next, number + 1);
        json_object_set_new(ids, fresh, json_integer(2));
        free(*id);
        *id = fresh;
    }
    json_decref(ids);
}

/* Without slashes at the end, which would lead through a link. */
static char *own_path(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    return text_of("%.*s", (int)length, path);
}

int submission_list_read(struct submission_list *list, char *const *paths, size_t count,
                         submission_id_misleads *misleads, char **trouble)
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
        char *id = submission_id(paths[i]);
        if (misleads != NULL && misleads(id))
            *strrchr(id, '.') = '_';
        list->submissions[list->count++] =
            (struct submission_named){.path = own_path(paths[i]), .id = id};
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
