/* What may be written shorter in a YAML text than the schema has it.
 *
 * libcyaml knows neither mappings whose keys are free nor "a text or a mapping". One pass over the
 * document, before the schema sees it, makes lists of the former and mappings of the latter. Every
 * node keeps the line of what it was made of.
 */
#ifndef TEXT_YAML_SHORT_H
#define TEXT_YAML_SHORT_H

#include <yaml.h>

enum yaml_short {
    /* {a: {x: 1}, b: text} becomes [{name: a, x: 1}, {name: b, KEY: text}]. Without a key each
     * value must be a mapping. */
    YAML_SHORT_NAMED,
    /* text becomes {KEY: text}; a mapping stays as it is. */
    YAML_SHORT_TEXT,
    /* one becomes [one]; a list stays as it is. */
    YAML_SHORT_ONE,
    /* In a list c1..c3 becomes c1, c2, c3. */
    YAML_SHORT_RANGES,
};

/* Which form the value at a place may have: its keys from the root, with dots between them, and '*'
 * for an entry of a list, or of what was made one: "checks.*.steps.*.headers". Where several rows
 * are about one place, each takes what the one before has made. */
struct yaml_short_form {
    const char *place; /* NULL: behind the last row */
    enum yaml_short form;
    const char *key; /* or NULL */
};

/* NULL if all is well; otherwise a sentence, to be freed, and the line it speaks of in `*line`. */
char *yaml_short_expand(yaml_document_t *document, const struct yaml_short_form *forms,
                        unsigned *line);

#endif
