/* Theory of operation: a row becomes an object with the texts of the known columns, under their
 * titles. A submission's id is what name_as_id() makes of a file's name, so names are compared in
 * that form, ignoring case. What Moodle itself finds people by (email address, ID number, user
 * name) goes before names of people, which may be shared; an id that fits two people fits nobody.
 */
#include "grader/class/participants.h"

#include "base/file.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/intake/names.h"
#include "text/json_field.h"
#include "text/name_index.h"

#include <csv.h>
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FILE_BYTES_MAX ((size_t)16 << 20)

/* In the order in which they are chosen to find people by. */
enum column { EMAIL, ID_NUMBER, USER_NAME, FIRST_NAME, LAST_NAME, COLUMNS };

#define IDENTITIES (USER_NAME + 1)

/* What people are found by: ids, as lower() has them. */
struct keys {
    struct name_index persons; /* the number of the first one with each */
    struct name_index shared;  /* those of several persons */
};

struct participants {
    json_t *persons;
    struct keys identities;
    struct keys names;
    enum column identity; /* the one that is written */
};

/*** Columns ***/

/* First what Moodle's import calls it, which is its title here too. */
static const char *const titles[COLUMNS][7] = {
    [EMAIL] = {"Email address", "email", "adresse de courriel", "e-mail-adresse"},
    [ID_NUMBER] = {"ID number", "idnumber", "num\u00e9ro d'identification",
                   "num\u00e9ro d\u2019identification", "id-nummer"},
    [USER_NAME] = {"Username", "nom d'utilisateur", "nom d\u2019utilisateur", "anmeldename"},
    [FIRST_NAME] = {"First name", "firstname", "pr\u00e9nom", "vorname"},
    [LAST_NAME] = {"Last name", "surname", "lastname", "nom", "nom de famille", "nachname"},
};

/* The title of the column here, or NULL: it is not known. */
static const char *find_title(const char *name)
{
    for (enum column column = EMAIL; column < COLUMNS; column++)
        for (const char *const *known = titles[column]; *known != NULL; known++)
            if (strcasecmp(*known, name) == 0)
                return titles[column][0];
    return NULL;
}

static const char *text_at(const json_t *person, enum column column)
{
    return field_text(person, titles[column][0]);
}

/*** Keys ***/

/* Returns the id, as ids are compared. */
static char *lower(char *id)
{
    for (char *letter = id; *letter != '\0'; letter++)
        *letter = (char)tolower((unsigned char)*letter);
    return id;
}

/* Frees the text, by which the person `number` is found from now on; or several are. */
static void add_key(struct keys *keys, char *text, size_t number)
{
    char *key = lower(name_as_id(text));
    bool is_new = text[0] == '\0' || name_index_add(&keys->persons, key, number);
    if (!is_new && name_index_find(&keys->persons, key) != number)
        name_index_add(&keys->shared, key, number);
    free(key);
    free(text);
}

static void add_identities(struct keys *keys, const json_t *person, size_t number)
{
    for (enum column i = EMAIL; i < IDENTITIES; i++)
        if (text_at(person, i) != NULL)
            add_key(keys, text_of("%s", text_at(person, i)), number);
}

static void add_names(struct keys *keys, const json_t *person, size_t number)
{
    const char *email = text_at(person, EMAIL);
    const char *first = text_at(person, FIRST_NAME);
    const char *last = text_at(person, LAST_NAME);
    if (email != NULL)
        add_key(keys, text_of("%.*s", (int)strcspn(email, "@"), email), number);
    if (first == NULL || last == NULL)
        return;
    add_key(keys, text_of("%s %s", first, last), number);
    add_key(keys, text_of("%s %s", last, first), number);
}

static void add_all_keys(struct participants *participants)
{
    size_t i = 0;
    const json_t *person = NULL;
    json_array_foreach (participants->persons, i, person) {
        add_identities(&participants->identities, person, i);
        add_names(&participants->names, person, i);
    }
}

/*** Reading ***/

#define CELLS_MAX 64

struct reader {
    const char *titles[CELLS_MAX]; /* of the columns; NULL: unknown */
    size_t title_count;
    bool has_header;
    bool is_utf_8;
    json_t *persons;
    json_t *person; /* of this row */
    size_t cell;    /* of it */
};

static void take_cell(void *cell, size_t length, void *context)
{
    struct reader *reader = context;
    char *text = text_of("%.*s", (int)length, cell != NULL ? (char *)cell : "");
    json_t *string = json_string(text); /* NULL: it is not UTF-8 */
    size_t at = reader->cell++;
    const char *title = at < reader->title_count ? reader->titles[at] : NULL;
    reader->is_utf_8 = reader->is_utf_8 && string != NULL;
    if (!reader->has_header && at < CELLS_MAX)
        reader->titles[reader->title_count++] = find_title(text);
    else if (title != NULL && text[0] != '\0' && json_object_get(reader->person, title) == NULL)
        json_object_set(reader->person, title, string);
    json_decref(string);
    free(text);
}

static void end_row(int end, void *context)
{
    (void)end;
    struct reader *reader = context;
    if (reader->has_header) {
        json_array_append_new(reader->persons, reader->person);
        reader->person = json_object();
    }
    reader->has_header = true;
    reader->cell = 0;
}

/* A semicolon if the first row has no comma: spreadsheets use it where the comma is decimal. */
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

/* IDENTITIES: the file has none. */
static enum column choose_identity(const struct reader *reader)
{
    for (enum column identity = EMAIL; identity < IDENTITIES; identity++)
        for (size_t i = 0; i < reader->title_count; i++)
            if (reader->titles[i] == titles[identity][0])
                return identity;
    return IDENTITIES;
}

int participants_parse(const char *text, size_t count, const char *path,
                       struct participants **participants, char **trouble)
{
    struct reader reader = {.persons = json_array(), .person = json_object(), .is_utf_8 = true};
    bool is_parsed = parse(&reader, text, count);
    json_decref(reader.person);
    enum column identity = choose_identity(&reader);
    if (is_parsed && identity < IDENTITIES) {
        *participants = allocate(1, sizeof **participants);
        **participants = (struct participants){.persons = reader.persons, .identity = identity};
        add_all_keys(*participants);
        return 0;
    }
    *trouble = is_parsed ? text_of("%s: its first row names no email address, no ID number and no "
                                   "user name",
                                   path)
                         : text_of("%s: it is no table of comma-separated values in UTF-8", path);
    json_decref(reader.persons);
    return -EINVAL;
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
    error = participants_parse(text, count, path, participants, trouble);
    free(text);
    return error;
}

static void release_keys(struct keys *keys)
{
    name_index_release(&keys->persons);
    name_index_release(&keys->shared);
}

void participants_free(struct participants *participants)
{
    if (participants == NULL)
        return;
    json_decref(participants->persons);
    release_keys(&participants->identities);
    release_keys(&participants->names);
    free(participants);
}

/*** Whose it is ***/

#define MOODLE_FOLDER "_assignsubmission_"

/* The participant's name in "Ann Lee_4711_assignsubmission_file", as Moodle names folders. To be
 * freed. */
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

/* How many fit, if more than one then two, and one of them in `*found`. */
static size_t find_persons(const struct participants *participants, const struct keys *keys,
                           const char *key, const json_t **found)
{
    size_t number = name_index_find(&keys->persons, key);
    *found = json_array_get(participants->persons, number);
    return *found == NULL ? 0 : name_index_find(&keys->shared, key) == SIZE_MAX ? 1 : 2;
}

static const char *const no_sentences[IDENTITIES] = {
    N_("the participant of this name has no email address"),
    N_("the participant of this name has no ID number"),
    N_("the participant of this name has no user name"),
};

/* What the person of this id is written as, or NULL with the reason. */
static const char *find_value(const struct participants *participants, const char *id,
                              const char **reason)
{
    const json_t *found = NULL;
    char *key = lower(name_in(id));
    size_t count = find_persons(participants, &participants->identities, key, &found);
    if (count == 0)
        count = find_persons(participants, &participants->names, key, &found);
    free(key);
    const char *value = count == 1 ? text_at(found, participants->identity) : NULL;
    *reason = count == 0      ? N_("no participant has this name")
              : count > 1     ? N_("several participants have this name")
              : value == NULL ? no_sentences[participants->identity]
                              : NULL;
    return value;
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
        const char *value = id != NULL ? find_value(participants, id, &reason) : NULL;
        if (value != NULL && json_object_get(taken, value) != NULL)
            reason = N_("another submission belongs to the same participant");
        if (reason != NULL) {
            json_object_set_new(submission, "not_imported", json_string(_(reason)));
            continue;
        }
        json_object_set_new(taken, value, json_true());
        json_object_set_new(
            submission, "participant",
            json_pack("{s:s, s:s}", "column", titles[participants->identity][0], "value", value));
    }
    json_decref(taken);
}
