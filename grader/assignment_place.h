/* The text of an assignment as a tree that knows its lines, and where in it something stands. */
#ifndef GRADER_ASSIGNMENT_PLACE_H
#define GRADER_ASSIGNMENT_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

/* A place by its numbers: checks[2].steps[1].send, talk.prefix, points. */
struct place {
    const char *section; /* "talk" or "limits"; NULL: neither */
    unsigned check;      /* from 1; 0: in none */
    unsigned step;       /* of this check, from 1; 0: in none */
    const char *key;     /* NULL: all of it */
};

/* Reads a text of one YAML 1.1 document without aliases: these could make a small file a huge one.
 * 0, and the document is the caller's to yaml_document_delete(); or -EINVAL, with a sentence in
 * `*trouble` that the caller frees and the line it speaks of, from 1, in `*line`. */
int assignment_text_parse(const char *text, size_t count, yaml_document_t *document, unsigned *line,
                          char **trouble);

/* The line, from 1, of that place, or of what is around it if it is not there. */
unsigned place_line(yaml_document_t *document, const struct place *place);

/* The line of a node, from 1. */
unsigned node_line(const yaml_node_t *node);

/* Is it this word? */
bool node_is_word(const yaml_node_t *node, const char *word);

#endif
