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

char *const *step_clients(const struct step *step, size_t *count)
{
    *count = step->clients != NULL ? step->clients_count : step->client != NULL;
    return step->clients != NULL ? step->clients : &step->client;
}

bool step_is_of(const struct step *step, const char *client)
{
    size_t count = 0;
    char *const *clients = step_clients(step, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(clients[i], client) == 0)
            return true;
    return false;
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
