/* Theory of operation: the text is made a tree that knows its lines (yaml_text.h) and held
 * against the schema (yaml_form.h); then libcyaml fills in the structs by the same schema.
 * What a schema cannot say - do the points add up, is there such a check? - is looked at last.
 * Whatever is wrong becomes one sentence with its line.
 */
#include "grader/assignment/assignment.h"

#include "base/memory.h"
#include "grader/assignment/place.h"
#include "grader/assignment/schema.h"
#include "grader/grading/assignment_check.h"
#include "grader/intake/digest.h"
#include "text/shipped_files.h"
#include "text/yaml_form.h"
#include "text/yaml_text.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

#define WHAT "an assignment"

/* The sentence of what is wrong, or NULL. */
static char *parse_and_load(const char *text, size_t count, struct assignment **assignment,
                            unsigned *line)
{
    yaml_document_t document;
    struct place place = {0};
    char *sentence =
        yaml_form_load(text, count, &assignment_schema, WHAT, &document, (void **)assignment, line);
    if (sentence != NULL)
        return sentence;
    if (assignment_check(*assignment, &place, &sentence) < 0)
        *line = place_line(&document, &place);
    yaml_document_delete(&document);
    return sentence;
}

static char *digest_of(const char *text, size_t count)
{
    char *digits = allocate(DIGEST_TEXT_BYTES, 1);
    struct digest *digest = digest_new();
    digest_add(digest, text, count);
    digest_finish(digest, digits);
    return digits;
}

int assignment_load(const char *path, struct assignment **assignment, char **trouble)
{
    size_t count = 0;
    unsigned line = 1;
    *assignment = NULL;
    char *text = yaml_text_read(path, WHAT, &count, trouble);
    if (text == NULL)
        return -EINVAL;
    char *sentence = parse_and_load(text, count, assignment, &line);
    if (sentence == NULL) {
        assert(*assignment != NULL);
        (*assignment)->id = shipped_file_name(path);
        (*assignment)->digest = digest_of(text, count);
    } else {
        *trouble = yaml_text_place(path, line, sentence);
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
    free(assignment->digest);
    yaml_form_free(&assignment_schema, assignment);
}
