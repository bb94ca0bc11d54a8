/* Theory of operation: the text is made a tree that knows its lines (assignment_place.h) and held
 * against the schema (assignment_form.h); then libcyaml fills in the structs by the same schema.
 * What a schema cannot say - do the points add up, is there such a check? - is looked at last.
 * Whatever is wrong becomes one sentence with its line.
 */
#include "grader/assignment.h"

#include "base/memory.h"
#include "grader/assignment_form.h"
#include "grader/assignment_place.h"
#include "grader/assignment_schema.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_BYTES_MAX (1 << 20)

/*** Languages ***/

const char *text_in(const struct text *text, const char *language)
{
    static const char *const languages[ASSIGNMENT_LANGUAGES] = {"en", "fr", "de"};
    for (size_t i = 0; i < ASSIGNMENT_LANGUAGES; i++)
        if (text->in[i] != NULL && language != NULL && strncmp(language, languages[i], 2) == 0)
            return text->in[i];
    return text->in[0];
}

char **assignment_list(char *const *words, unsigned count)
{
    char **list = allocate(count + 1, sizeof *list);
    for (unsigned i = 0; i < count; i++)
        list[i] = words[i];
    return list;
}

/*** Reading ***/

static const cyaml_config_t config = {.mem_fn = cyaml_mem, .flags = CYAML_CFG_NO_ALIAS};

static char *read_file(const char *path, size_t *count, char **trouble)
{
    FILE *file = fopen(path, "re");
    char *text = allocate(FILE_BYTES_MAX + 1, 1);
    *count = file != NULL ? fread(text, 1, FILE_BYTES_MAX, file) : 0;
    bool is_read = file != NULL && !ferror(file) && *count < FILE_BYTES_MAX;
    if (!is_read)
        *trouble =
            text_of("%s: %s", path,
                    *count == FILE_BYTES_MAX ? "too long for an assignment" : strerror(errno));
    if (file != NULL)
        fclose(file);
    if (is_read)
        return text;
    free(text);
    return NULL;
}

/* "assignments/tp1-threads.yaml" is called tp1-threads. */
static char *id_of(const char *path)
{
    char *copy = text_of("%s", path);
    char *id = text_of("%s", basename(copy));
    char *suffix = strrchr(id, '.');
    if (suffix != NULL && suffix != id)
        *suffix = '\0';
    free(copy);
    return id;
}

/* A sentence is one line, whatever stands in the words that it quotes. */
static char *place_sentence(const char *path, unsigned line, const char *sentence)
{
    char *placed = text_of("%s:%u: %s", path, line, sentence);
    for (char *letter = placed; *letter != '\0'; letter++)
        if (iscntrl((unsigned char)*letter))
            *letter = '?';
    return placed;
}

/* The sentence of what is wrong in the tree, or in what libcyaml makes of the text, or NULL. */
static char *load(yaml_document_t *document, const char *text, size_t count,
                  struct assignment **assignment, unsigned *line)
{
    char *sentence = assignment_form_check(document, line);
    if (sentence != NULL)
        return sentence;
    cyaml_err_t error = cyaml_load_data((const uint8_t *)text, count, &config, &assignment_schema,
                                        (cyaml_data_t **)assignment, NULL);
    if (error != CYAML_OK || *assignment == NULL)
        return text_of("it cannot be read: %s", cyaml_strerror(error));
    struct place place = {0};
    if (assignment_check(*assignment, &place, &sentence) < 0)
        *line = place_line(document, &place);
    return sentence;
}

static char *parse_and_load(const char *text, size_t count, struct assignment **assignment,
                            unsigned *line)
{
    yaml_document_t document;
    char *sentence = NULL;
    if (assignment_text_parse(text, count, &document, line, &sentence) < 0)
        return sentence;
    sentence = load(&document, text, count, assignment, line);
    yaml_document_delete(&document);
    return sentence;
}

int assignment_load(const char *path, struct assignment **assignment, char **trouble)
{
    size_t count = 0;
    unsigned line = 1;
    *assignment = NULL;
    char *text = read_file(path, &count, trouble);
    if (text == NULL)
        return -EINVAL;
    char *sentence = parse_and_load(text, count, assignment, &line);
    if (sentence == NULL) {
        assert(*assignment != NULL);
        (*assignment)->id = id_of(path);
    } else {
        *trouble = place_sentence(path, line, sentence);
        assignment_free(*assignment);
        *assignment = NULL;
    }
    free(text);
    bool is_loaded = sentence == NULL;
    free(sentence);
    return is_loaded ? 0 : -EINVAL;
}

void assignment_free(struct assignment *assignment)
{
    if (assignment == NULL)
        return;
    free(assignment->id);
    cyaml_free(&config, &assignment_schema, assignment, 0);
}
