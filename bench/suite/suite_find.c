#include "bench/suite/suite_find.h"

#include "base/memory.h"
#include "bench/suite/suite_file.h"
#include "text/shipped_files.h"

#include <errno.h>
#include <stdlib.h>

static const struct shipped_files files = {.folders = {PROCTOR_SUITES_INSTALLED, PROCTOR_SUITES}};

static int load_from(struct suite *suite, const char *path, const struct load_plan *usual,
                     char **trouble)
{
    struct suite_source source;
    int error = suite_source_load(&source, path, trouble);
    if (error < 0)
        return error;
    error = suite_take(suite, &source, path, usual, trouble);
    suite_source_release(&source);
    return error;
}

int suite_load(struct suite *suite, const char *name, const struct load_plan *usual, char **trouble)
{
    char *nearest = NULL;
    *suite = (struct suite){0};
    char *path = shipped_files_find(&files, name, &nearest);
    if (path == NULL) {
        *trouble = nearest != NULL
                       ? text_of("unknown suite '%s'; did you mean '%s'?", name, nearest)
                       : text_of("unknown suite '%s' (see 'proctor list suites')", name);
        free(nearest);
        return -EINVAL;
    }
    int error = load_from(suite, path, usual, trouble);
    free(path);
    return error;
}

int suite_each(int visit(const char *name, const char *path, void *context), void *context)
{
    return shipped_files_each(&files, visit, context);
}
