#include "grader/checks/scene_cast.h"

#include "base/least.h"

#include <string.h>

void scene_cast_read(struct scene_cast *cast, const struct step *steps, size_t count)
{
    *cast = (struct scene_cast){.count = 0};
    for (size_t i = 0; i < count; i++) {
        size_t clients = 0;
        char *const *names = step_clients(&steps[i], &clients);
        for (size_t n = 0; n < clients; n++) {
            if (scene_cast_find(cast, names[n]) < cast->count)
                continue;
            if (cast->count < SCENE_CLIENTS_MAX)
                cast->names[cast->count] = names[n];
            cast->count++;
        }
    }
}

size_t scene_cast_find(const struct scene_cast *cast, const char *name)
{
    for (size_t i = 0; i < least(cast->count, SCENE_CLIENTS_MAX); i++)
        if (strcmp(cast->names[i], name) == 0)
            return i;
    return cast->count;
}

size_t scene_cast_named(const struct scene_cast *cast, const struct placeholder *placeholder)
{
    for (size_t i = 0; i < least(cast->count, SCENE_CLIENTS_MAX); i++)
        if (placeholder_is_named(placeholder, cast->names[i]))
            return i;
    return cast->count;
}
