/* Positions in the file of an assignment. */
#ifndef GRADER_ASSIGNMENT_PLACE_H
#define GRADER_ASSIGNMENT_PLACE_H

#include <yaml.h>

/* A place by its numbers: checks[2].steps[1].send, matrix[1].model, protocol.prefix, points. */
struct place {
    unsigned check;      /* from 1; 0: in none */
    unsigned step;       /* of this check, from 1; 0: in none */
    const char *section; /* in there: "protocol", "matrix"; NULL: none */
    unsigned entry;      /* of the section, from 1; 0: in none */
    const char *key;     /* NULL: all of it */
    unsigned item;       /* of the key's list, from 1; 0: all of it */
};

/* The line, from 1, of that place, or of what is around it if it is not there. */
unsigned place_line(yaml_document_t *document, const struct place *place);

#endif
