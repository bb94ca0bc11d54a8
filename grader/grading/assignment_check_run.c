/* Each function returns NULL if all is well, or a sentence, to be freed, with its place.
 */
#include "grader/grading/assignment_check_run.h"

#include "base/memory.h"
#include "grader/assignment/words.h"
#include "grader/protocols/value.h"
#include "observe/waiting/models.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
#define DIGITS  "0123456789"

static bool mentions(const char *text, const char *word)
{
    return text != NULL && strstr(text, word) != NULL;
}

/*** Lines ***/

bool assignment_is_name(const char *name)
{
    return name[0] != '\0' && name[strspn(name, LETTERS DIGITS "-.+")] == '\0';
}

/* The shell uses braces too, so only what is nearly one of our names is taken for a slip. */
char *assignment_check_line(const char *line)
{
    static const char *const names[] = {"{entry}", "{dir}", "{port}", NULL};
    struct placeholder placeholder;
    for (; line != NULL && placeholder_find(line, &placeholder);
         line = placeholder.begin + placeholder.length) {
        unsigned distance = 0;
        char *word = text_of("%.*s", (int)placeholder.length, placeholder.begin);
        const char *nearest = assignment_nearest_word(word, names, &distance);
        bool is_slip = nearest != NULL && !placeholder_is_value(&placeholder) && distance > 0 &&
                       distance <= 2 && (placeholder.begin == line || placeholder.begin[-1] != '$');
        char *trouble =
            is_slip ? text_of("unknown placeholder %s; did you mean '%s'?", word, nearest) : NULL;
        free(word);
        if (trouble != NULL)
            return trouble;
    }
    return NULL;
}

/* In a shell's `export NAME=…`. */
static char *check_variable(const struct variable *variable)
{
    const char *name = variable->name;
    bool is_name = name[0] != '\0' && strchr(LETTERS, name[0]) != NULL &&
                   name[strspn(name, LETTERS DIGITS)] == '\0';
    return is_name ? assignment_check_line(variable->value)
                   : text_of("'%s' is no name of a variable: it has letters, digits and '_', and "
                             "begins with no digit",
                             name);
}

static char *check_manner(const struct manner *manner, struct place *place)
{
    place->key = "run";
    if (manner->run != NULL && manner->run[strspn(manner->run, " \t\r\n")] == '\0')
        return text_of("'run' is empty");
    char *trouble = assignment_check_line(manner->run);
    if (trouble != NULL)
        return trouble;
    place->key = "arguments";
    trouble = assignment_check_line(manner->arguments);
    if (trouble == NULL && manner->arguments != NULL && strchr(manner->arguments, '\n') != NULL)
        trouble = text_of("'arguments' follow the last line of 'run', and are one line themselves");
    if (trouble == NULL)
        place->key = "environment";
    for (unsigned i = 0; i < manner->environment_count && trouble == NULL; i++)
        trouble = check_variable(&manner->environment[i]);
    return trouble;
}

/* The key that has the word, or NULL. */
static const char *key_with(const struct manner *manner, const char *word)
{
    for (unsigned i = 0; i < manner->environment_count; i++)
        if (mentions(manner->environment[i].value, word))
            return "environment";
    return mentions(manner->run, word)         ? "run"
           : mentions(manner->arguments, word) ? "arguments"
                                               : NULL;
}

/* {port:NAME} names a program that has one. */
static char *check_port_named(const struct assignment *assignment, const char *line)
{
    struct placeholder placeholder;
    for (; line != NULL && placeholder_find(line, &placeholder);
         line = placeholder.begin + placeholder.length) {
        bool is_known = !placeholder_is(&placeholder, "port") || placeholder.name_length == 0;
        for (unsigned i = 0; i < assignment->programs.list_count; i++)
            is_known |= assignment->programs.list[i].port != NULL &&
                        placeholder_is_named(&placeholder, assignment->programs.list[i].name);
        for (unsigned i = 0; i < assignment->besides_count; i++)
            is_known |= assignment->besides[i].port != 0 &&
                        placeholder_is_named(&placeholder, assignment->besides[i].name);
        if (!is_known)
            return text_of("%.*s: there is no program of that name with a port",
                           (int)placeholder.length, placeholder.begin);
    }
    return NULL;
}

static char *check_ports_named(const struct assignment *assignment, const struct manner *manner)
{
    char *trouble = check_port_named(assignment, manner->run);
    if (trouble == NULL)
        trouble = check_port_named(assignment, manner->arguments);
    for (unsigned i = 0; i < manner->environment_count && trouble == NULL; i++)
        trouble = check_port_named(assignment, manner->environment[i].value);
    return trouble;
}

/* What is needed for the words in braces. */
static char *check_words_of(const struct assignment *assignment, const struct manner *manner,
                            const uint16_t *port, struct place *place)
{
    bool has_port = assignment->conduct.port != 0 || port != NULL;
    place->key = key_with(manner, "{entry}");
    if (assignment->entry == NULL && place->key != NULL)
        return text_of("'entry' is missing: patterns that name the submission's file");
    place->key = key_with(manner, "{port}");
    if (!has_port && place->key != NULL)
        return text_of("'port' is missing: {port} needs it");
    place->key = key_with(manner, "{port:");
    return check_ports_named(assignment, manner);
}

char *assignment_check_program_run(const struct assignment *assignment,
                                   const struct assigned_program *program, struct place *place)
{
    const struct assigned_program *whole =
        assigned_program_find(&assignment->programs, program->name);
    char *trouble = assignment_check_line(program->build);
    if (trouble == NULL)
        trouble = check_manner(&program->manner, place);
    if (trouble != NULL)
        return trouble;
    place->key = NULL;
    if (whole->port == NULL && key_with(&program->manner, "{port}") != NULL)
        return text_of("{port} is the program's own port, and '%s' has none; {port:NAME} is "
                       "another's",
                       program->name);
    return check_ports_named(assignment, &program->manner);
}

/*** The assignment ***/

/* Does something say how it is run, wherever it is? */
static bool has_run_everywhere(const struct assignment *assignment)
{
    unsigned with_run = 0;
    for (unsigned i = 0; i < assignment->rows_count; i++)
        with_run += assignment->rows[i].manner.run != NULL;
    return assignment->manner.run != NULL || (with_run > 0 && with_run == assignment->rows_count);
}

char *assignment_check_run(const struct assignment *assignment, struct place *place)
{
    bool is_client = assignment->conduct.role == ROLE_CLIENT;
    *place = (struct place){.key = "build"};
    char *trouble = assignment_check_line(assignment->build);
    if (trouble != NULL)
        return trouble;
    *place = (struct place){.key = "run"};
    trouble = check_manner(&assignment->manner, place);
    if (trouble != NULL)
        return trouble;
    place->key = "run";
    if (assignment->entry == NULL && assignment->programs.list_count == 0 &&
        (mentions(assignment->build, "{entry}") || !has_run_everywhere(assignment)))
        return text_of("'entry' is missing: patterns that name the submission's file");
    if (assignment->conduct.port == 0 && mentions(assignment->build, "{port}"))
        return text_of("'port' is missing: {port} needs it");
    trouble = check_words_of(assignment, &assignment->manner, NULL, place);
    if (trouble != NULL)
        return trouble;
    *place = (struct place){.key = "role"};
    return assignment->conduct.port == 0 && is_client
               ? text_of("'port' is missing: the port the client connects to")
               : NULL;
}

/*** Its files ***/

#define FILE_MAX_BYTES (100 << 20)

static char *check_size(const char *key, const int64_t *bytes)
{
    return bytes == NULL || (*bytes >= 0 && *bytes <= FILE_MAX_BYTES)
               ? NULL
               : text_of("'%s' is between 0 and %d", key, FILE_MAX_BYTES);
}

static char *check_file(const struct assigned_file *file)
{
    size_t count = (size_t)(file->text != NULL) + (file->repeat != NULL) + (file->random != NULL);
    if (!material_is_path(file->name))
        return text_of("'%s' is no path in the submission's folder", file->name);
    if (count != 1)
        return text_of("the file '%s' has one of 'text', 'repeat' and 'random', not %zu",
                       file->name, count);
    if ((file->repeat != NULL) != (file->bytes != NULL))
        return text_of("'repeat' and 'bytes' belong together: a text, and how long it becomes");
    if (file->repeat != NULL && file->repeat[0] == '\0')
        return text_of("'repeat' is empty");
    char *trouble = check_size("bytes", file->bytes);
    return trouble == NULL ? check_size("random", file->random) : trouble;
}

static bool is_folder(const char *above, const char *name)
{
    struct stat status;
    char *path = text_of("%s/%s", above, name);
    bool is_one = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    free(path);
    return is_one;
}

char *assignment_check_bring(const struct assignment *assignment, const char *bring)
{
    if (bring != NULL && !material_is_path(bring))
        return text_of("'bring' names a folder beside this file, not '%s'", bring);
    if (bring != NULL && !is_folder(assignment->folder, bring))
        return text_of("'bring': there is no folder '%s' beside this file", bring);
    return NULL;
}

/* The section and the entry that it is in are set. */
static char *check_material(const struct assignment *assignment, const struct material *material,
                            struct place *place)
{
    place->key = "bring";
    char *amiss = assignment_check_bring(assignment, material->bring);
    if (amiss != NULL)
        return amiss;
    place->key = "writable";
    for (unsigned i = 0; i < material->writable_count; i++)
        if (!material_is_path(material->writable[i]))
            return text_of("'%s' is no folder in the submission's folder; the program can be "
                           "started in one: 'run: cd data && …'",
                           material->writable[i]);
    place->key = "files";
    for (unsigned i = 0; i < material->files_count; i++) {
        char *trouble = check_file(&material->files[i]);
        if (trouble != NULL)
            return trouble;
    }
    return NULL;
}

static bool is_name_of_another(const struct assignment *assignment, unsigned number)
{
    const char *name = assignment->besides[number].name;
    for (unsigned i = 0; i < number; i++)
        if (strcmp(assignment->besides[i].name, name) == 0)
            return true;
    return assigned_program_find(&assignment->programs, name) != NULL;
}

static char *check_beside(const struct assignment *assignment, unsigned number, struct place *place)
{
    const struct assigned_beside *beside = &assignment->besides[number];
    place->key = "name";
    if (!assignment_is_name(beside->name))
        return text_of("'%s' is no name of a program: it has letters, digits and any of _-.+",
                       beside->name);
    if (is_name_of_another(assignment, number))
        return text_of("'%s' is the name of something else", beside->name);
    place->key = "port";
    if (beside->port != 0 && beside->port == assignment->conduct.port)
        return text_of("port %u is the submission's", beside->port);
    place->key = "run";
    if (beside->port == 0 && mentions(beside->run, "{port}"))
        return text_of("'port' is missing: {port} needs it");
    char *trouble = assignment_check_line(beside->run);
    if (trouble == NULL)
        trouble = check_port_named(assignment, beside->run);
    return trouble == NULL ? check_material(assignment, &beside->material, place) : trouble;
}

char *assignment_check_material(const struct assignment *assignment, struct place *place)
{
    *place = (struct place){0};
    char *trouble = check_material(assignment, &assignment->material, place);
    for (unsigned i = 0; i < assignment->besides_count && trouble == NULL; i++) {
        *place = (struct place){.section = "beside", .entry = i + 1};
        trouble = check_beside(assignment, i, place);
    }
    return trouble;
}

/*** Its rows ***/

static char *check_row(const struct assignment *assignment, const struct assigned_row *row,
                       struct place *place)
{
    static const char *const ends[] = {ENDS_WHEN_FIRST, ENDS_WHEN_LAST, ENDS_WHEN_ENTER, NULL};
    if (!assignment_is_name(row->name))
        return text_of("'%s' is no name of a row: it has letters, digits and any of _-.+",
                       row->name);
    char *trouble = check_manner(&row->manner, place);
    if (trouble == NULL)
        trouble = check_words_of(assignment, &row->manner, row->port, place);
    if (trouble != NULL)
        return trouble;
    place->key = "model";
    trouble = assignment_refuse_word("model", row->model, model_names);
    if (trouble != NULL)
        return trouble;
    place->key = "ends-when";
    return assignment_refuse_word("end condition", row->ends_when, ends);
}

char *assignment_check_matrix(const struct assignment *assignment, struct place *place)
{
    char *trouble = NULL;
    for (unsigned i = 0; i < assignment->rows_count && trouble == NULL; i++) {
        *place = (struct place){.section = "matrix", .entry = i + 1};
        trouble = check_row(assignment, &assignment->rows[i], place);
    }
    return trouble;
}

/*** Its checks ***/

static char *check_rows_of(const struct assignment *assignment, const struct assigned_check *check)
{
    const char *names[ASSIGNMENT_ROWS_MAX + 1] = {NULL};
    char *trouble = NULL;
    for (unsigned i = 0; i < assignment->rows_count; i++)
        names[i] = assignment->rows[i].name;
    if (check->in_count > 0 && assignment->rows_count == 0)
        return text_of("'in' names rows of a matrix, and this assignment has none");
    for (unsigned i = 0; i < check->in_count && trouble == NULL; i++)
        trouble = assignment_refuse_word("row", check->in[i], names);
    return trouble;
}

/* What it needs has to be played wherever it is. */
static char *check_needs_in_rows(const struct assignment *assignment,
                                 const struct assigned_check *check)
{
    const struct assigned_check *needed =
        check->needs != NULL ? assignment_find_check(assignment, check->needs) : NULL;
    for (unsigned i = 0; i < assignment->rows_count && needed != NULL; i++)
        if (assigned_check_is_in(check, &assignment->rows[i]) &&
            !assigned_check_is_in(needed, &assignment->rows[i]))
            return text_of("'%s', which it needs, is not played in the row '%s'", check->needs,
                           assignment->rows[i].name);
    return NULL;
}

char *assignment_check_own_run(const struct assignment *assignment,
                               const struct assigned_check *check, struct place *place)
{
    char *trouble = check_manner(&check->manner, place);
    if (trouble == NULL)
        trouble = check_words_of(assignment, &check->manner, NULL, place);
    if (trouble != NULL)
        return trouble;
    place->key = "in";
    trouble = check_rows_of(assignment, check);
    return trouble == NULL ? check_needs_in_rows(assignment, check) : trouble;
}
