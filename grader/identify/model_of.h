/* Names the concurrency model of a server by what was seen of it. */
#ifndef GRADER_IDENTIFY_MODEL_OF_H
#define GRADER_IDENTIFY_MODEL_OF_H

#include "grader/identify/models.h"
#include "grader/identify/shape.h"
#include "observe/descriptor.h"

/* What happened to clients that had not been served. */
enum after { AFTER_NOBODY_SERVED, AFTER_NEXT_SERVED, AFTER_ENDED };

struct findings {
    struct shape before; /* without clients */
    struct shape silent; /* with three that are silent */
    size_t served;       /* of them, while all were connected */
    size_t served_again; /* of three others, in the other order; as `served` if none came */
    enum after after;    /* the first had left */
    bool is_restless;    /* it never slept, with and without clients */
    size_t workers;      /* tasks that ran whenever one spoke, though they wait for no client */
    size_t crowd;        /* further clients; 0: none came */
    size_t crowd_served;
    char program[PROGRAM_NAME_BYTES]; /* that holds the clients */
};

/* The model, or MODEL_UNKNOWN if behaviour and evidence fit none, with its description in `*detail`
 * (to be freed). */
enum model model_of(const struct findings *findings, char **detail);

#endif
