#include "grader/assignment/assignment.h"

#include "base/memory.h"

#include <string.h>

const char *text_in(const struct text *text, const char *language)
{
    static const char *const languages[ASSIGNMENT_LANGUAGES] = {"en", "fr", "de"};
    for (size_t i = 0; i < ASSIGNMENT_LANGUAGES; i++)
        if (text->in[i] != NULL && language != NULL && strncmp(language, languages[i], 2) == 0)
            return text->in[i];
    return text->in[0];
}

const struct assigned_check *assignment_find_check(const struct assignment *assignment,
                                                   const char *id)
{
    for (unsigned i = 0; i < assignment->checks_count; i++)
        if (strcmp(assignment->checks[i].id, id) == 0)
            return &assignment->checks[i];
    return NULL;
}

char **assignment_list(char *const *words, unsigned count)
{
    char **list = allocate(count + 1, sizeof *list);
    for (unsigned i = 0; i < count; i++)
        list[i] = words[i];
    return list;
}
