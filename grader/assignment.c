/* Theory of operation: libcyaml reads the file against the schema and says what does not fit, in
 * words of its own and a backtrace of places; both are turned into one sentence. What a schema
 * cannot say - do the points add up, is there such a check? - is looked at afterwards.
 */
#include "grader/assignment.h"

#include "base/memory.h"
#include "grader/assignment_schema.h"

#include <errno.h>
#include <libgen.h>
#include <stdarg.h>
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

/*** What libcyaml complains of ***/

struct complaint {
    char text[256];
    unsigned line;
};

/* The first line says what, the one after the next where. */
static void take_complaint(cyaml_log_t level, void *context, const char *format, va_list arguments)
{
    struct complaint *complaint = context;
    char line[256];
    (void)level;
    vsnprintf(line, sizeof line, format, arguments);
    line[strcspn(line, "\n")] = '\0';
    const char *place = strstr(line, "(line: ");
    if (place != NULL && complaint->line == 0)
        complaint->line = (unsigned)strtoul(place + strlen("(line: "), NULL, 10);
    if (complaint->text[0] == '\0')
        snprintf(complaint->text, sizeof complaint->text, "%s",
                 strncmp(line, "Load: ", 6) == 0 ? line + 6 : line);
}

/* The number of the first line from `line` on in which the word stands. */
static unsigned line_of(const char *text, unsigned line, const char *word)
{
    unsigned number = 1;
    for (; number < line && *text != '\0'; text++)
        number += *text == '\n';
    const char *found = strstr(text, word);
    for (; found != NULL && text < found; text++)
        number += *text == '\n';
    return found != NULL ? number : line;
}

static const struct {
    const char *complaint; /* how libcyaml's begins; the word follows */
    const char *before;    /* the word, in ours */
    const char *after;
} sentences[] = {
    {"Unexpected key: ", "there is no key '", "'"},
    {"Missing required mapping field: ", "'", "' is missing"},
    {"Mapping field already seen: ", "'", "' is there twice"},
    {"Invalid INT value: ", "'", "' is not known here"},
    {"Invalid ENUM value: ", "'", "' is not known here"},
    {"Invalid UINT value: ", "'", "' is not a number that fits"},
    {"Invalid FLOAT value: ", "'", "' is not a number"},
    {"Invalid BOOL value: ", "'", "' is neither true nor false"},
};

static void strip_quotes(char *word)
{
    size_t length = strlen(word);
    if (length > 1 && word[0] == '\'' && word[length - 1] == '\'') {
        memmove(word, word + 1, length - 2);
        word[length - 2] = '\0';
    }
}

static char *sentence_of(const char *path, const char *text, struct complaint *complaint)
{
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        size_t length = strlen(sentences[i].complaint);
        if (strncmp(complaint->text, sentences[i].complaint, length) != 0)
            continue;
        char *word = complaint->text + length;
        strip_quotes(word);
        const char *nearest = assignment_schema_nearest(word);
        bool is_like = nearest != NULL && strcmp(nearest, word) != 0;
        return text_of("%s:%u: %s%s%s%s%s%s", path, line_of(text, complaint->line, word),
                       sentences[i].before, word, sentences[i].after,
                       is_like ? "; did you mean '" : "", is_like ? nearest : "",
                       is_like ? "'?" : "");
    }
    return text_of("%s:%u: %s", path, complaint->line, complaint->text);
}

/*** Reading ***/

static const cyaml_config_t *configure(cyaml_config_t *config, struct complaint *complaint)
{
    *config = (cyaml_config_t){
        .log_fn = take_complaint,
        .log_ctx = complaint,
        .log_level = CYAML_LOG_ERROR,
        .mem_fn = cyaml_mem,
    };
    return config;
}

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

static int load(const char *path, const char *text, size_t count, struct assignment **assignment,
                char **trouble)
{
    struct complaint complaint = {0};
    cyaml_config_t config;
    cyaml_err_t error =
        cyaml_load_data((const uint8_t *)text, count, configure(&config, &complaint),
                        &assignment_schema, (cyaml_data_t **)assignment, NULL);
    if (error == CYAML_OK && *assignment != NULL)
        return 0;
    *trouble = error == CYAML_OK           ? text_of("%s:1: there is nothing in it", path)
               : complaint.text[0] == '\0' ? text_of("%s: %s", path, cyaml_strerror(error))
                                           : sentence_of(path, text, &complaint);
    *assignment = NULL;
    return -EINVAL;
}

int assignment_load(const char *path, struct assignment **assignment, char **trouble)
{
    size_t count = 0;
    *assignment = NULL;
    char *text = read_file(path, &count, trouble);
    if (text == NULL)
        return -EINVAL;
    const char *place = "";
    char *sentence = NULL;
    int error = load(path, text, count, assignment, trouble);
    if (error == 0)
        error = assignment_check(*assignment, &place, &sentence);
    if (sentence != NULL)
        *trouble = text_of("%s:%u: %s", path, line_of(text, 1, place), sentence);
    if (error == 0) {
        (*assignment)->id = id_of(path);
    } else {
        assignment_free(*assignment);
        *assignment = NULL;
    }
    free(sentence);
    free(text);
    return error;
}

void assignment_free(struct assignment *assignment)
{
    struct complaint complaint = {0};
    cyaml_config_t config;
    if (assignment == NULL)
        return;
    free(assignment->id);
    cyaml_free(configure(&config, &complaint), &assignment_schema, assignment, 0);
}
