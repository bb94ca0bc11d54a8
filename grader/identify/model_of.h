/* From what was seen of a server to the name of its concurrency model. */
#ifndef GRADER_IDENTIFY_MODEL_OF_H
#define GRADER_IDENTIFY_MODEL_OF_H

#include "grader/identify/shape.h"
#include "observe/descriptor.h"

struct findings {
    struct shape before; /* without clients */
    struct shape silent; /* with three that are silent */
    size_t served;       /* of them, while all were connected */
    size_t served_again; /* of three others, in the other order; as `served` if none came */
    bool is_next_served; /* after the first had left, of those who had not been served */
    bool has_ended;      /* the server, when clients had left */
    bool is_restless;    /* it never slept, with and without clients */
    size_t workers;      /* tasks that ran whenever one spoke, though they wait for no client */
    size_t crowd;        /* further clients; 0: none came */
    size_t crowd_served;
    char program[PROGRAM_NAME_BYTES]; /* that holds the clients */
};

/* The model, or NULL if behaviour and evidence fit none, with its description in `*detail` (to be
 * freed). */
const char *model_of(const struct findings *findings, char **detail);

#endif
