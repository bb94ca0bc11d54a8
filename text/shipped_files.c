#include "text/shipped_files.h"

#include "base/memory.h"
#include "text/word_distance.h"

#include <dirent.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FOLDERS      2
#define SUFFIX       ".yaml"
#define DISTANCE_MAX 4

static bool is_path(const char *name)
{
    size_t length = strlen(name);
    return strchr(name, '/') != NULL ||
           (length > strlen(SUFFIX) && strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0);
}

int shipped_files_each(const struct shipped_files *files,
                       int visit(const char *name, const char *path, void *context), void *context)
{
    int result = 0;
    for (size_t i = 0; i < FOLDERS && result == 0; i++) {
        struct dirent **entries = NULL;
        int count = scandir(files->folders[i], &entries, NULL, alphasort);
        for (int e = 0; e < count; e++) {
            char *suffix = strstr(entries[e]->d_name, SUFFIX);
            if (suffix != NULL && suffix[strlen(SUFFIX)] == '\0' && result == 0) {
                char *path = text_of("%s/%s", files->folders[i], entries[e]->d_name);
                *suffix = '\0';
                result = visit(entries[e]->d_name, path, context);
                free(path);
            }
            free(entries[e]);
        }
        free(entries);
        if (count > 0)
            break; /* the same ones */
    }
    return result;
}

struct search {
    const char *name;
    char *found;
    char *nearest; /* or NULL */
    unsigned distance;
};

static int compare(const char *name, const char *path, void *context)
{
    struct search *search = context;
    unsigned distance = word_distance(search->name, name, DISTANCE_MAX);
    if (distance == 0)
        search->found = text_of("%s", path);
    if (distance < search->distance) {
        search->distance = distance;
        free(search->nearest);
        search->nearest = text_of("%s", name);
    }
    return distance == 0;
}

char *shipped_files_find(const struct shipped_files *files, const char *name, char **nearest)
{
    struct search search = {.name = name, .distance = DISTANCE_MAX + 1};
    *nearest = NULL;
    if (is_path(name))
        return text_of("%s", name);
    shipped_files_each(files, compare, &search);
    if (search.found == NULL)
        *nearest = search.nearest;
    else
        free(search.nearest);
    return search.found;
}

char *shipped_file_name(const char *path)
{
    char *copy = text_of("%s", path);
    char *name = text_of("%s", basename(copy));
    char *suffix = strrchr(name, '.');
    if (suffix != NULL && suffix != name)
        *suffix = '\0';
    free(copy);
    return name;
}
