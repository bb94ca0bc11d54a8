/* Theory of operation: a row becomes a text for each known column. A submission's id is what
 * name_as_id() has made of a file's name, so names are compared in that form, capitals apart. What
 * Moodle itself finds people by (email address, ID number, user name) goes before names of people,
 * which may be shared; what fits two of them fits nobody.
 */
#include "grader/class/participants.h"

#include "base/file.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/intake/names.h"

#include <csv.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FILE_BYTES_MAX ((size_t)16 << 20)

/* In the order in which they are chosen to find people by. */
enum column { EMAIL, ID_NUMBER, USER_NAME, FIRST_NAME, LAST_NAME, COLUMNS, UNKNOWN = COLUMNS };

#define IDENTITIES (USER_NAME + 1)

struct person {
    char *texts[COLUMNS]; /* NULL: none */
};

struct participants {
    struct person *persons;
    size_t count;
    enum column identity; /* the one that is written */
};

/*** Columns ***/

static const char *const titles[COLUMNS][7] = {
    [EMAIL] = {"email address", "email", "adresse de courriel", "e-mail-adresse"},
    [ID_NUMBER] = {"id number", "idnumber", "num\u00e9ro d'identification",
                   "num\u00e9ro d\u2019identification", "id-nummer"},
    [USER_NAME] = {"username", "nom d'utilisateur", "nom d\u2019utilisateur", "anmeldename"},
    [FIRST_NAME] = {"first name", "firstname", "pr\u00e9nom", "vorname"},
    [LAST_NAME] = {"last name", "surname", "lastname", "nom", "nom de famille", "nachname"},
};

/* What Moodle's import calls it. */
static const char *const identity_titles[IDENTITIES] = {"Email address", "ID number", "Username"};

static enum column column_of(const char *title)
{
    for (enum column column = EMAIL; column < COLUMNS; column++)
        for (const char *const *known = titles[column]; *known != NULL; known++)
            if (strcasecmp(*known, title) == 0)
                return column;
    return UNKNOWN;
}

/*** Reading ***/

#define CELLS_MAX 64

struct reader {
    struct participants *participants;
    enum column columns[CELLS_MAX];
    size_t column_count;
    bool has_header;
    bool is_utf_8;
    struct person person;
    size_t cell; /* of this row */
};

static bool is_utf_8(const char *text)
{
    json_t *string = json_string(text);
    json_decref(string);
    return string != NULL;
}

static void take_cell(void *cell, size_t length, void *context)
{
    struct reader *reader = context;
    char *text = text_of("%.*s", (int)length, cell != NULL ? (char *)cell : "");
    size_t at = reader->cell++;
    reader->is_utf_8 = reader->is_utf_8 && is_utf_8(text);
    if (at < CELLS_MAX && !reader->has_header) {
        reader->columns[at] = column_of(text);
        reader->column_count = at + 1;
    } else if (at < reader->column_count && reader->columns[at] != UNKNOWN && text[0] != '\0' &&
               reader->person.texts[reader->columns[at]] == NULL) {
        reader->person.texts[reader->columns[at]] = text;
        return;
    }
    free(text);
}

static void end_row(int end, void *context)
{
    (void)end;
    struct reader *reader = context;
    struct participants *all = reader->participants;
    if (reader->has_header) {
        all->persons = reallocate(all->persons, all->count + 1, sizeof *all->persons);
        all->persons[all->count++] = reader->person;
    }
    reader->person = (struct person){0};
    reader->has_header = true;
    reader->cell = 0;
}

/* Where there is no comma in the first row, as in countries with a decimal one. */
static unsigned char delimiter_of(const char *text, size_t count)
{
    const char *line_end = memchr(text, '\n', count);
    size_t length = line_end != NULL ? (size_t)(line_end - text) : count;
    return memchr(text, ',', length) == NULL && memchr(text, ';', length) != NULL ? ';' : ',';
}

static bool parse(struct reader *reader, const char *text, size_t count)
{
    struct csv_parser parser;
    if (count >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        count -= 3;
    }
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&parser, delimiter_of(text, count));
    bool is_parsed = csv_parse(&parser, text, count, take_cell, end_row, reader) == count &&
                     csv_fini(&parser, take_cell, end_row, reader) == 0;
    csv_free(&parser);
    return is_parsed && reader->is_utf_8;
}

static bool choose_identity(const struct reader *reader)
{
    for (enum column identity = EMAIL; identity < IDENTITIES; identity++)
        for (size_t i = 0; i < reader->column_count; i++)
            if (reader->columns[i] == identity) {
                reader->participants->identity = identity;
                return true;
            }
    return false;
}

int participants_load(const char *path, struct participants **participants, char **trouble)
{
    size_t count = 0;
    char *text = NULL;
    int error = file_read(path, FILE_BYTES_MAX, &text, &count);
    if (error < 0) {
        *trouble = text_of("%s: %s", path, strerror(-error));
        return error;
    }
    struct reader reader = {.participants = allocate(1, sizeof *reader.participants),
                            .is_utf_8 = true};
    bool is_parsed = parse(&reader, text, count);
    free(text);
    if (is_parsed && choose_identity(&reader)) {
        *participants = reader.participants;
        return 0;
    }
    *trouble = is_parsed ? text_of("%s: its first row names no email address, no ID number and no "
                                   "user name",
                                   path)
                         : text_of("%s: it is no table of comma-separated values in UTF-8", path);
    for (size_t i = 0; i < COLUMNS; i++)
        free(reader.person.texts[i]);
    participants_free(reader.participants);
    return -EINVAL;
}

void participants_free(struct participants *participants)
{
    for (size_t i = 0; participants != NULL && i < participants->count; i++)
        for (size_t j = 0; j < COLUMNS; j++)
            free(participants->persons[i].texts[j]);
    if (participants != NULL)
        free(participants->persons);
    free(participants);
}

/*** Whose it is ***/

#define MOODLE_FOLDER "_assignsubmission_"

/* Moodle calls a folder "Ann Lee_4711_assignsubmission_file": who it is of. To be freed. */
static char *name_in(const char *id)
{
    char *name = text_of("%s", id);
    char *mark = strstr(name, MOODLE_FOLDER);
    if (mark == NULL)
        return name;
    *mark = '\0';
    char *number = strrchr(name, '_');
    if (number != NULL && number[1 + strspn(number + 1, "0123456789")] == '\0')
        *number = '\0';
    return name;
}

/* Frees the text. */
static bool is_called(char *text, const char *name)
{
    char *id = name_as_id(text);
    bool is_same = text[0] != '\0' && strcasecmp(id, name) == 0;
    free(id);
    free(text);
    return is_same;
}

static bool has_identity(const struct person *person, const char *name)
{
    for (enum column i = EMAIL; i < IDENTITIES; i++)
        if (person->texts[i] != NULL && is_called(text_of("%s", person->texts[i]), name))
            return true;
    return false;
}

static bool has_name(const struct person *person, const char *name)
{
    const char *email = person->texts[EMAIL] != NULL ? person->texts[EMAIL] : "";
    const char *first = person->texts[FIRST_NAME];
    const char *last = person->texts[LAST_NAME];
    if (is_called(text_of("%.*s", (int)strcspn(email, "@"), email), name))
        return true;
    return first != NULL && last != NULL &&
           (is_called(text_of("%s %s", first, last), name) ||
            is_called(text_of("%s %s", last, first), name));
}

/* How many fit, and the last of them. */
static size_t find_persons(const struct participants *participants, const char *name,
                           bool fits(const struct person *person, const char *name),
                           const struct person **found)
{
    size_t count = 0;
    for (size_t i = 0; i < participants->count; i++)
        if (fits(&participants->persons[i], name)) {
            *found = &participants->persons[i];
            count++;
        }
    return count;
}

static const char *const no_sentences[IDENTITIES] = {
    N_("the participant of this name has no email address"),
    N_("the participant of this name has no ID number"),
    N_("the participant of this name has no user name"),
};

/* The person, or NULL with the reason. */
static const struct person *find_person(const struct participants *participants, const char *id,
                                        const char **reason)
{
    const struct person *found = NULL;
    char *name = name_in(id);
    size_t count = find_persons(participants, name, has_identity, &found);
    if (count == 0)
        count = find_persons(participants, name, has_name, &found);
    free(name);
    *reason = count == 0  ? N_("no participant has this name")
              : count > 1 ? N_("several participants have this name")
              : found->texts[participants->identity] == NULL ? no_sentences[participants->identity]
                                                             : NULL;
    return *reason == NULL ? found : NULL;
}

void participants_assign(const struct participants *participants, json_t *grades)
{
    json_t *taken = json_object(); /* by the value that is written */
    size_t i = 0;
    json_t *grade = NULL;
    json_array_foreach (grades, i, grade) {
        json_t *submission = json_object_get(grade, "submission");
        const char *id = json_string_value(json_object_get(submission, "id"));
        const char *reason = N_("it has no name");
        const struct person *person = id != NULL ? find_person(participants, id, &reason) : NULL;
        const char *value = person != NULL ? person->texts[participants->identity] : NULL;
        if (value != NULL && json_object_get(taken, value) != NULL)
            reason = N_("another submission belongs to the same participant");
        if (reason != NULL) {
            json_object_set_new(submission, "not_imported", json_string(_(reason)));
            continue;
        }
        json_object_set_new(taken, value, json_true());
        json_object_set_new(submission, "participant",
                            json_pack("{s:s, s:s}", "column",
                                      identity_titles[participants->identity], "value", value));
    }
    json_decref(taken);
}
