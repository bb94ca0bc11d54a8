/* A YAML text as a tree that knows its lines: libcyaml fills in structs and forgets them. */
#ifndef TEXT_YAML_TEXT_H
#define TEXT_YAML_TEXT_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

/* In all of these `what` is what the text is, for sentences: "an assignment". */

/* Reads a file of at most a mebibyte. A text to be freed and its length; or NULL, with a sentence
 * in `*trouble` that the caller frees. */
char *yaml_text_read(const char *path, const char *what, size_t *count, char **trouble);

/* Reads a text of one YAML 1.1 document without anchors and aliases, as these could make a small
 * file a huge one, and without %TAG.
 * 0, and the document is the caller's to yaml_document_delete(); or -EINVAL, with a sentence in
 * `*trouble` that the caller frees and the line it speaks of, from 1, in `*line`. */
int yaml_text_parse(const char *text, size_t count, const char *what, yaml_document_t *document,
                    unsigned *line, char **trouble);

/* "FILE:LINE: sentence", in one line whatever stands in the words that it quotes. The caller
 * frees. */
char *yaml_text_place(const char *path, unsigned line, const char *sentence);

/* The line of a node, from 1. */
unsigned node_line(const yaml_node_t *node);

/* Is it this word? */
bool node_is_word(const yaml_node_t *node, const char *word);

/* The word of a scalar. */
const char *node_word(const yaml_node_t *node);

/* "a list", "a mapping", "a word", or "nothing" where a value was left out. */
const char *node_kind(const yaml_node_t *node);

/* What to do where a placeholder without quotes was read as a mapping, in words that follow the
 * trouble: "; put …", to be freed. NULL: the node is nothing of that kind. */
char *node_remedy_for_placeholder(yaml_document_t *document, const yaml_node_t *node);

/* The document as a text that gives the same tree; the caller releases it. */
struct bytes yaml_text_write(yaml_document_t *document);

/* From a place in a text on to what is below it, as far as it is there. */
struct yaml_walk {
    yaml_document_t *document;
    yaml_node_t *node; /* NULL: it is not there */
    unsigned line;     /* of it, or of what is around it; from 1 */
};

struct yaml_walk yaml_walk_begin(yaml_document_t *document);
void yaml_walk_enter_key(struct yaml_walk *walk, const char *key);

/* `number` counts from 1. */
void yaml_walk_enter_entry(struct yaml_walk *walk, unsigned number);

#endif
