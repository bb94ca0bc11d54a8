/* render_class COUNT [PARTICIPANTS.csv]: the document, the table, the page and the gradebooks of a
 * class of so many, no two of whom have failed the same checks, to standard output. */
#include "base/memory.h"
#include "grader/assignment/assignment.h"
#include "grader/class/class_document.h"
#include "grader/class/class_page.h"
#include "grader/class/participants.h"
#include "grader/gradebook/gradebooks.h"

#include <stdio.h>
#include <stdlib.h>

#define CHECKS 14

static json_t *make_grade(const struct assignment *assignment, unsigned number)
{
    json_t *checks = json_array();
    for (unsigned i = 0; i < CHECKS; i++)
        json_array_append_new(checks, json_pack("{s:s, s:s, s:f, s:f, s:s, s:[{s:s}]}", "id",
                                                assignment->checks[i].id, "verdict",
                                                number >> i & 1 ? "fail" : "pass", "points", 1.0,
                                                "max_points", 1.0, "finding", "it is so",
                                                "evidence", "text", "as is seen"));
    char *id = text_of("student%u", number);
    json_t *grade = json_pack("{s:{s:s}, s:s, s:f, s:f, s:o}", "submission", "id", id, "verdict",
                              "partial", "points", 1.0, "max_points", 14.0, "checks", checks);
    free(id);
    return grade;
}

static void print(struct bytes *text)
{
    fwrite(bytes_front(text), 1, text->length, stdout);
    bytes_release(text);
}

int main(int count, char **words)
{
    struct assigned_check checks[CHECKS] = {0};
    struct assignment assignment = {.id = "many",
                                    .title.in = {"many"},
                                    .points = CHECKS,
                                    .checks = checks,
                                    .checks_count = CHECKS};
    struct participants *participants = NULL;
    char *trouble = NULL;
    json_t *grades = json_array();
    struct bytes text = {0};
    for (unsigned i = 0; i < CHECKS; i++)
        checks[i] = (struct assigned_check){.id = text_of("check-%u", i), .points = 1};
    for (unsigned i = 0; i < strtoul(words[1], NULL, 10); i++)
        json_array_append_new(grades, make_grade(&assignment, i));
    if (count > 2 && participants_load(words[2], &participants, &trouble) < 0)
        return 2;
    if (participants != NULL)
        participants_assign(participants, grades);
    participants_free(participants);
    json_t *class = class_describe(&assignment, "en", grades);
    class_table(class, &text);
    class_page(class, &text);
    for (size_t i = 0; gradebooks[i] != NULL; i++)
        if (gradebooks[i]->takes_many)
            gradebook_render(gradebooks[i], grades, &text);
    print(&text);
    json_decref(class);
    json_decref(grades);
    for (unsigned i = 0; i < CHECKS; i++)
        free((char *)checks[i].id);
    return 0;
}
