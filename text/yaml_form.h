/* Does a YAML text have the form that a schema gives it: known keys, each once, with values of the
 * right kind? */
#ifndef TEXT_YAML_FORM_H
#define TEXT_YAML_FORM_H

#include <cyaml/cyaml.h>
#include <yaml.h>

struct yaml_short_form;

struct yaml_form {
    const char *what; /* what the text is, with its article: "an assignment" */
    const cyaml_schema_value_t *schema;
    const struct yaml_short_form *short_forms; /* what may be written shorter than the schema has it
                                                * (yaml_short.h); NULL: nothing */
};

/* Parses, makes short forms long, checks, and lets libcyaml fill in `*data` by the schema. NULL: it
 * has the form, and the document, with the short forms made long, and the data are the caller's, to
 * yaml_document_delete() and yaml_form_free(). Otherwise there is neither, but a sentence, to be
 * freed, with the nearest right word if there is one, and the line it speaks of in `*line`. */
char *yaml_form_load(const char *text, size_t count, const struct yaml_form *form,
                     yaml_document_t *document, void **data, unsigned *line);
void yaml_form_free(const struct yaml_form *form, void *data);

#endif
