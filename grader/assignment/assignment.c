#include "grader/assignment/assignment.h"

#include "base/memory.h"
#include "base/quantity.h"

#include <string.h>

const char *text_in(const struct text *text, const char *language)
{
    static const char *const languages[ASSIGNMENT_LANGUAGES] = {"en", "fr", "de"};
    for (size_t i = 0; i < ASSIGNMENT_LANGUAGES; i++)
        if (text->in[i] != NULL && language != NULL && strncmp(language, languages[i], 2) == 0)
            return text->in[i];
    return text->in[0];
}

char *const *step_clients(const struct step *step, size_t *count)
{
    *count = step->clients != NULL ? step->clients_count : step->client != NULL;
    return step->clients != NULL ? step->clients : &step->client;
}

bool step_is_of(const struct step *step, const char *client)
{
    size_t count = 0;
    char *const *clients = step_clients(step, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(clients[i], client) == 0)
            return true;
    return false;
}

enum transport assigned_transport(const struct assigned_check *scene, const char *client,
                                  enum transport usual)
{
    for (unsigned i = 0; i < scene->steps_count; i++)
        if (scene->steps[i].transport != STEP_AS_ASSIGNED && step_is_of(&scene->steps[i], client))
            return scene->steps[i].transport == STEP_UDP ? TRANSPORT_UDP : TRANSPORT_TCP;
    return usual;
}

int64_t step_time_ns(const char *time)
{
    int64_t time_ns = 0;
    if (time != NULL)
        quantity_parse_duration_ns(time, &time_ns);
    return time_ns;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *said_of(const struct step *step)
{
    const struct step_said *said = step->send;
    return said == NULL ? NULL : said->repeat != NULL ? said->repeat : said->text;
}

bool step_text(const struct step *step, size_t number, struct step_text *text)
{
    const struct http_message *message = &step->message;
    const struct file_expectation *file = step->expect_file;
    const struct step_text singles[] = {
        {"send", said_of(step), false},
        {"send-slowly", step->send_slowly, false},
        {"http", step->http, false},
        {"body", message->body, false},
        {"expect", step->expect, false},
        {"expect-output", step->expect_output, false},
        {"expect-no-output", step->expect_no_output, false},
        {"expect-file", file != NULL ? file->text : NULL, false},
        {"expect-file", file != NULL ? file->pattern : NULL, true},
    };
    const struct {
        const char *key;
        char *const *texts;
        unsigned count;
        bool is_pattern;
    } lists[] = {
        {"type", step->type, step->type_count, false},
        {"expect-pattern", step->expect_patterns, step->expect_patterns_count, true},
        {"expect-line-pattern", step->expect_line_patterns, step->expect_line_patterns_count, true},
        {"expect-output-pattern", step->expect_output_patterns, step->expect_output_patterns_count,
         true},
        {"body-pattern", message->body_patterns, message->body_patterns_count, true},
    };
    if (number < COUNT(singles)) {
        *text = singles[number];
        return true;
    }
    number -= COUNT(singles);
    for (size_t i = 0; i < COUNT(lists); number -= lists[i++].count)
        if (number < lists[i].count) {
            *text = (struct step_text){lists[i].key, lists[i].texts[number], lists[i].is_pattern};
            return true;
        }
    if (number >= message->headers_count)
        return false;
    *text = (struct step_text){"headers", message->headers[number].value, false};
    return true;
}

const struct assigned_check *assignment_find_check(const struct assignment *assignment,
                                                   const char *id)
{
    for (unsigned i = 0; i < assignment->checks_count; i++)
        if (strcmp(assignment->checks[i].id, id) == 0)
            return &assignment->checks[i];
    return NULL;
}

char **assignment_list(char *const *words, unsigned count)
{
    char **list = allocate(count + 1, sizeof *list);
    for (unsigned i = 0; i < count; i++)
        list[i] = words[i];
    return list;
}

bool material_is_path(const char *path)
{
    for (const char *name = path;; name++) {
        size_t length = strcspn(name, "/");
        if (length == 0 || (length <= 2 && strncmp(name, "..", length) == 0))
            return false;
        name += length;
        if (*name == '\0')
            return true;
    }
}

bool material_may_have(const struct material *material, const char *path)
{
    for (unsigned i = 0; i < material->files_count; i++)
        if (strcmp(material->files[i].name, path) == 0)
            return true;
    return material->bring != NULL && material_is_path(path);
}

const struct assigned_program *assigned_program_find(const struct assigned_programs *programs,
                                                     const char *name)
{
    for (unsigned i = 0; i < programs->list_count; i++)
        if (strcmp(programs->list[i].name, name) == 0)
            return &programs->list[i];
    return NULL;
}

const struct assigned_program *assignment_main_program(const struct assignment *assignment)
{
    for (unsigned i = 0; i < assignment->programs.list_count; i++)
        if (assignment->programs.list[i].port != NULL)
            return &assignment->programs.list[i];
    return NULL;
}

const char *assigned_check_name(const struct assigned_check *check)
{
    return check->name != NULL ? check->name : check->id;
}

bool assigned_check_is_in(const struct assigned_check *check, const struct assigned_row *row)
{
    for (unsigned i = 0; i < check->in_count; i++)
        if (strcmp(check->in[i], row->name) == 0)
            return true;
    return check->in_count == 0;
}

/* Its id is the caller's to free. */
static struct assigned_check check_in_row(const struct assigned_check *written,
                                          const struct assigned_row *row)
{
    struct assigned_check check = *written;
    check.name = written->id;
    check.row = row;
    check.id = text_of("%s/%s", row->name, written->id);
    return check;
}

void assignment_multiply(struct assignment *assignment)
{
    if (assignment->rows_count == 0)
        return;
    size_t most = (size_t)assignment->checks_count * assignment->rows_count;
    assignment->written = assignment->checks;
    assignment->written_count = assignment->checks_count;
    assignment->checks = allocate(most, sizeof *assignment->checks);
    assignment->checks_count = 0;
    for (unsigned r = 0; r < assignment->rows_count; r++)
        for (unsigned i = 0; i < assignment->written_count; i++)
            if (assigned_check_is_in(&assignment->written[i], &assignment->rows[r]))
                assignment->checks[assignment->checks_count++] =
                    check_in_row(&assignment->written[i], &assignment->rows[r]);
}
