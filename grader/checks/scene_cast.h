/* The clients of a scene, in the order in which its steps first name them. */
#ifndef GRADER_CHECKS_SCENE_CAST_H
#define GRADER_CHECKS_SCENE_CAST_H

#include "grader/assignment/assignment.h"
#include "grader/protocols/placeholder.h"

struct scene_cast {
    const char *names[SCENE_CLIENTS_MAX];
    size_t count; /* may be more than there is room for: the others have no place in it */
};

void scene_cast_read(struct scene_cast *cast, const struct step *steps, size_t count);

/* The number of the client, from 0; cast->count if there is none. */
size_t scene_cast_find(const struct scene_cast *cast, const char *name);

/* The same for the client that a placeholder names. */
size_t scene_cast_named(const struct scene_cast *cast, const struct placeholder *placeholder);

#endif
