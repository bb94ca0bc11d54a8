/* The assignments that ship, and where they are: beside the sources they were built from, or where
 * they were installed. */
#include "grader/assignment.h"

#include "base/memory.h"
#include "grader/assignment_schema.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const folders[] = {PROCTOR_ASSIGNMENTS_INSTALLED, PROCTOR_ASSIGNMENTS};

#define SUFFIX       ".yaml"
#define DISTANCE_MAX 4

static bool is_path(const char *name)
{
    size_t length = strlen(name);
    return strchr(name, '/') != NULL ||
           (length > strlen(SUFFIX) && strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0);
}

int assignment_each(int visit(const char *name, const char *path, void *context), void *context)
{
    int result = 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0] && result == 0; i++) {
        struct dirent **entries = NULL;
        int count = scandir(folders[i], &entries, NULL, alphasort);
        for (int e = 0; e < count; e++) {
            char *suffix = strstr(entries[e]->d_name, SUFFIX);
            if (suffix != NULL && suffix[strlen(SUFFIX)] == '\0' && result == 0) {
                char *path = text_of("%s/%s", folders[i], entries[e]->d_name);
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
    char nearest[64];
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
        strncpy(search->nearest, name, sizeof search->nearest - 1);
    }
    return distance == 0;
}

char *assignment_find(const char *name, const char **nearest)
{
    static struct search search;
    *nearest = NULL;
    if (is_path(name))
        return text_of("%s", name);
    search = (struct search){.name = name, .distance = DISTANCE_MAX + 1};
    assignment_each(compare, &search);
    if (search.nearest[0] != '\0')
        *nearest = search.nearest;
    return search.found;
}
