/* Theory of operation: the text is parsed into a tree that knows its lines (yaml_text.h), in
 * which short forms are made long (short_forms.c), and which is checked against the schema
 * (yaml_form.h); then libcyaml fills in the structs by the same schema.
 * What a schema cannot express - do the points add up, is there such a check? - is checked last, by
 * the caller's function. Whatever is wrong becomes one sentence with its line.
 */
#include "grader/assignment/read.h"

#include "base/memory.h"
#include "grader/assignment/drawn.h"
#include "grader/assignment/escapes.h"
#include "grader/assignment/schema.h"
#include "grader/assignment/short_forms.h"
#include "grader/intake/tree_digest.h"
#include "text/digest.h"
#include "text/shipped_files.h"
#include "text/yaml_form.h"
#include "text/yaml_text.h"

#include <assert.h>
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>

#define WHAT "an assignment"

static const struct yaml_form form = {
    .what = WHAT, .schema = &assignment_schema, .short_forms = assignment_short_forms};

/* The absolute path of the folder that the file is in. */
static char *folder_of(const char *path)
{
    char *file = realpath(path, NULL);
    char *folder = text_of("%s", file != NULL ? dirname(file) : ".");
    free(file);
    return folder;
}

static void note_lines(const struct assignment *assignment, yaml_document_t *document)
{
    for (unsigned i = 0; i < assignment->checks_count; i++)
        for (unsigned n = 0; n < assignment->checks[i].steps_count; n++) {
            const struct place place = {.check = i + 1, .step = n + 1};
            assignment->checks[i].steps[n].line = place_line(document, &place);
        }
}

/* The sentence of what is wrong, or NULL. */
static char *parse_and_load(const char *path, const char *text, size_t count,
                            struct assignment **assignment, assignment_checker *check,
                            unsigned *line)
{
    yaml_document_t document;
    struct place place = {0};
    char *sentence = yaml_form_load(text, count, &form, &document, (void **)assignment, line);
    if (sentence != NULL)
        return sentence;
    (*assignment)->folder = folder_of(path);
    const struct assigned_program *first = assignment_main_program(*assignment);
    if (first != NULL)
        (*assignment)->conduct.port = *first->port;
    sentence = assignment_declare_values(*assignment, &place);
    if (sentence == NULL)
        sentence = check(*assignment, &place);
    if (sentence != NULL)
        *line = place_line(&document, &place);
    else
        sentence = escapes_unquoted(&document, line);
    if (sentence == NULL)
        note_lines(*assignment, &document);
    yaml_document_delete(&document);
    return sentence;
}

/* What is in that folder, too. */
static void add_folder(struct digest *digest, const struct assignment *assignment,
                       const char *folder)
{
    char text[DIGEST_TEXT_BYTES] = "";
    char *path = text_of("%s/%s", assignment->folder, folder);
    tree_digest(path, text);
    digest_add_text(digest, text);
    free(path);
}

static char *digest_of(const struct assignment *assignment, const char *text, size_t count)
{
    char *digits = allocate(DIGEST_TEXT_BYTES, 1);
    struct digest *digest = digest_new();
    digest_add(digest, text, count);
    if (assignment->material.bring != NULL)
        add_folder(digest, assignment, assignment->material.bring);
    if (assignment->reference != NULL && assignment->reference->bring != NULL)
        add_folder(digest, assignment, assignment->reference->bring);
    for (unsigned i = 0; i < assignment->besides_count; i++)
        if (assignment->besides[i].material.bring != NULL)
            add_folder(digest, assignment, assignment->besides[i].material.bring);
    digest_finish(digest, digits);
    return digits;
}

int assignment_parse(const char *text, size_t count, const char *path, assignment_checker *check,
                     struct assignment **assignment, char **trouble)
{
    unsigned line = 1;
    *assignment = NULL;
    char *sentence = parse_and_load(path, text, count, assignment, check, &line);
    if (sentence == NULL) {
        assert(*assignment != NULL);
        assignment_multiply(*assignment);
        (*assignment)->id = shipped_file_name(path);
        (*assignment)->digest = digest_of(*assignment, text, count);
    } else {
        *trouble = yaml_text_place(path, line, sentence);
        assignment_free(*assignment);
        *assignment = NULL;
    }
    bool is_loaded = sentence == NULL;
    free(sentence);
    return is_loaded ? 0 : -EINVAL;
}

int assignment_read(const char *path, assignment_checker *check, struct assignment **assignment,
                    char **trouble)
{
    size_t count = 0;
    *assignment = NULL;
    char *text = yaml_text_read(path, WHAT, &count, trouble);
    if (text == NULL)
        return -EINVAL;
    int error = assignment_parse(text, count, path, check, assignment, trouble);
    free(text);
    return error;
}

/* As libcyaml has made it. */
static void take_back(struct assignment *assignment)
{
    for (unsigned i = 0; i < assignment->checks_count; i++)
        free((char *)assignment->checks[i].id);
    free(assignment->checks);
    assignment->checks = assignment->written;
    assignment->checks_count = assignment->written_count;
}

void assignment_free(struct assignment *assignment)
{
    if (assignment == NULL)
        return;
    free(assignment->id);
    free(assignment->digest);
    free(assignment->folder);
    values_release(&assignment->values);
    if (assignment->written != NULL)
        take_back(assignment);
    yaml_form_free(&form, assignment);
}
