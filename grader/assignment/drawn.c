/* Theory of operation: all texts that are filled in once for a grading are visited in the order in
 * which the assignment is explained, to read what they draw, to check what they repeat, and to
 * draw. Values may be repeated before they are drawn, so reading comes before checking.
 */
#include "grader/assignment/drawn.h"

#include "base/memory.h"

#include <string.h>

bool line_find_value(const char *line, const char *at, struct placeholder *placeholder)
{
    while (placeholder_find(at, placeholder)) {
        bool is_shells = placeholder->begin > line && placeholder->begin[-1] == '$';
        if (placeholder_is_value(placeholder) && !is_shells)
            return true;
        at = placeholder->begin + placeholder->length;
    }
    return false;
}

/*** Visiting ***/

/* What is done with a value of a text, or of a line for a shell. A sentence ends the visit. */
typedef char *value_visitor(void *context, const struct placeholder *placeholder, bool is_line);

struct visit {
    value_visitor *visitor;
    void *context;
    struct place place; /* of the latest text */
    char *trouble;
};

static bool is_found(const char *text, const char *at, bool is_line,
                     struct placeholder *placeholder)
{
    return is_line ? line_find_value(text, at, placeholder) : placeholder_find(at, placeholder);
}

/* `item`: of the key's list, from 1; 0: the key has one text. */
static void visit_text(struct visit *visit, const char *key, unsigned item, const char *text,
                       bool is_line)
{
    struct placeholder placeholder;
    if (visit->trouble != NULL || text == NULL)
        return;
    visit->place.key = key;
    visit->place.item = item;
    for (const char *at = text; visit->trouble == NULL && is_found(text, at, is_line, &placeholder);
         at = placeholder.begin + placeholder.length)
        if (placeholder_is_value(&placeholder))
            visit->trouble = visit->visitor(visit->context, &placeholder, is_line);
}

static void visit_material(struct visit *visit, const struct material *material)
{
    for (unsigned i = 0; i < material->files_count; i++) {
        visit_text(visit, "files", i + 1, material->files[i].text, false);
        visit_text(visit, "files", i + 1, material->files[i].repeat, false);
    }
}

static void visit_manner(struct visit *visit, const struct manner *manner)
{
    visit_text(visit, "run", 0, manner->run, true);
    visit_text(visit, "arguments", 0, manner->arguments, true);
    for (unsigned i = 0; i < manner->environment_count; i++)
        visit_text(visit, "environment", i + 1, manner->environment[i].value, true);
}

/* In a row or a check their section is that, and the key as near as a place can be. */
static void visit_programs(struct visit *visit, const struct assigned_programs *programs)
{
    for (unsigned i = 0; i < programs->list_count; i++) {
        const struct assigned_program *program = &programs->list[i];
        bool is_inner = visit->place.section != NULL || visit->place.check > 0;
        struct place outer = visit->place;
        if (!is_inner)
            visit->place = (struct place){.section = "programs", .entry = i + 1};
        visit_text(visit, "build", 0, program->build, true);
        visit_manner(visit, &program->manner);
        if (is_inner && visit->trouble != NULL)
            visit->place = (struct place){.check = outer.check,
                                          .section = outer.section,
                                          .entry = outer.entry,
                                          .key = "programs",
                                          .item = i + 1};
    }
}

static void visit_besides(struct visit *visit, const struct assignment *assignment)
{
    for (unsigned i = 0; i < assignment->besides_count && visit->trouble == NULL; i++) {
        visit->place = (struct place){.section = "beside", .entry = i + 1};
        visit_text(visit, "run", 0, assignment->besides[i].run, true);
        visit_material(visit, &assignment->besides[i].material);
    }
}

static void visit_reference(struct visit *visit, const struct assigned_reference *reference)
{
    if (reference == NULL || visit->trouble != NULL)
        return;
    visit->place = (struct place){.section = "reference"};
    visit_text(visit, "run", 0, reference->run, true);
}

static void visit_rows(struct visit *visit, const struct assignment *assignment)
{
    for (unsigned i = 0; i < assignment->rows_count && visit->trouble == NULL; i++) {
        visit->place = (struct place){.section = "matrix", .entry = i + 1};
        visit_manner(visit, &assignment->rows[i].manner);
        visit_programs(visit, &assignment->rows[i].programs);
    }
}

/* As they are written: in a matrix they are multiplied later. */
static void visit_checks(struct visit *visit, const struct assignment *assignment)
{
    bool is_multiplied = assignment->written != NULL;
    const struct assigned_check *checks = is_multiplied ? assignment->written : assignment->checks;
    unsigned count = is_multiplied ? assignment->written_count : assignment->checks_count;
    for (unsigned i = 0; i < count && visit->trouble == NULL; i++) {
        visit->place = (struct place){.check = i + 1};
        visit_manner(visit, &checks[i].manner);
        visit_programs(visit, &checks[i].programs);
    }
}

static void visit_all(struct visit *visit, const struct assignment *assignment)
{
    visit->place = (struct place){0};
    visit_text(visit, "build", 0, assignment->build, true);
    visit_manner(visit, &assignment->manner);
    visit_material(visit, &assignment->material);
    if (visit->trouble == NULL) {
        visit->place = (struct place){0};
        visit_programs(visit, &assignment->programs);
    }
    visit_besides(visit, assignment);
    visit_reference(visit, assignment->reference);
    visit_rows(visit, assignment);
    visit_checks(visit, assignment);
}

/*** Checking and drawing ***/

static char *declare(void *context, const struct placeholder *placeholder, bool is_line)
{
    (void)is_line;
    return values_declare_one(context, placeholder);
}

static char *check(void *context, const struct placeholder *placeholder, bool is_line)
{
    const struct filling none = values_filling(NULL);
    if (is_line && placeholder_is_binary(placeholder))
        return text_of("%.*s is bytes, which no command line can have; {=%.*s} is the number in "
                       "digits",
                       (int)placeholder->length, placeholder->begin, (int)placeholder->name_length,
                       placeholder->name);
    return values_refuse(context, placeholder, &none);
}

struct drawing {
    struct values *values;
    struct token_source *source;
};

static char *draw(void *context, const struct placeholder *placeholder, bool is_line)
{
    const struct drawing *drawing = context;
    (void)is_line;
    values_draw_one(drawing->values, drawing->source, placeholder);
    return NULL;
}

char *assignment_declare_values(struct assignment *assignment, struct place *place)
{
    value_visitor *const passes[] = {declare, check};
    char *trouble = NULL;
    for (size_t i = 0; i < sizeof passes / sizeof passes[0] && trouble == NULL; i++) {
        struct visit visit = {.visitor = passes[i], .context = &assignment->values};
        visit_all(&visit, assignment);
        trouble = visit.trouble;
        *place = visit.place;
    }
    return trouble;
}

void assignment_draw_values(const struct assignment *assignment, struct token_source *source,
                            struct values *values)
{
    struct drawing drawing = {values, source};
    struct visit visit = {.visitor = draw, .context = &drawing};
    visit_all(&visit, assignment);
}
