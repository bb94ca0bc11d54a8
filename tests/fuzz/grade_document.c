/* Whatever a grade document holds, all gradebooks render it, cleanly; so does the page of a class
 * in which it is twice. */
#include "tests/fuzz/fuzz.h"

#include "grader/assignment/assignment.h"
#include "grader/class/class_document.h"
#include "grader/class/class_page.h"
#include "grader/gradebook/gradebooks.h"
#include "grader/gradebook/timeline.h"

static void render(const json_t *grades)
{
    for (size_t i = 0; gradebooks[i] != NULL; i++) {
        struct bytes out = {0};
        if (gradebooks[i]->takes_many || json_array_size(grades) == 1)
            gradebook_render(gradebooks[i], grades, &out);
        fuzz_expect_clean(&out);
    }
}

static void render_class(const json_t *grades)
{
    struct assigned_check check = {.id = "sequential", .points = 1};
    const struct assignment assignment = {
        .id = "input", .title.in = {"input"}, .points = 1, .checks = &check, .checks_count = 1};
    struct bytes out = {0};
    json_t *class = class_describe(&assignment, "en", grades);
    class_table(class, &out);
    class_page(class, &out);
    fuzz_expect_clean(&out);
    json_decref(class);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *grade = json_loadb((const char *)data, size, JSON_ALLOW_NUL, NULL);
    if (grade == NULL)
        return 0;
    json_t *grades = json_array();
    json_array_append_new(grades, grade);
    render(grades);
    json_array_append(grades, grade);
    render(grades);
    render_class(grades);
    json_decref(grades);
    return 0;
}
