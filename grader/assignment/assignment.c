#include "grader/assignment/assignment.h"

#include "base/memory.h"

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
