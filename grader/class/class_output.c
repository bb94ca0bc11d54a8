#include "grader/class/class_output.h"

#include "base/memory.h"
#include "grader/class/class_document.h"
#include "grader/class/class_page.h"
#include "grader/gradebook/gradebooks.h"
#include "results/document/document.h"
#include "text/output_file.h"

#include <stdlib.h>
#include <string.h>

/* Takes over `path`: it is the caller's where it could not be written, in `*failed`. */
static int end_file(int error, char *path, char **failed)
{
    if (error < 0)
        *failed = path;
    else
        free(path);
    return error;
}

/* Takes over `path` and `content`, of which nothing is written if it is empty. */
static int write_file(char *path, struct bytes *content, char **failed)
{
    int error = content->length > 0 ? output_file_write_bytes(path, content) : 0;
    bytes_release(content);
    return end_file(error, path, failed);
}

/* What is written beside the document of a submission, "grades/alice.json", ends in this:
 * ".gradescope.json". To be freed. */
static char *ending_of(const struct gradebook *format)
{
    const char *dot = strrchr(format->file, '.');
    const char *suffix = dot != NULL ? dot : ".txt";
    bool says_format = strcmp(suffix + 1, format->name) == 0;
    return says_format ? text_of("%s", suffix) : text_of(".%s%s", format->name, suffix);
}

static char *path_beside(const char *folder, const char *id, const struct gradebook *format)
{
    char *ending = ending_of(format);
    char *path = text_of("%s/grades/%s%s", folder, id, ending);
    free(ending);
    return path;
}

bool class_output_is_misleading(const char *id)
{
    const char *dot = strrchr(id, '.');
    bool is_misleading = false;
    for (size_t i = 0; dot != NULL && gradebooks[i] != NULL && !is_misleading; i++) {
        char *ending = ending_of(gradebooks[i]);
        char *document = text_of("%s.json", dot);
        is_misleading = strcmp(document, ending) == 0;
        free(document);
        free(ending);
    }
    return is_misleading;
}

static int write_each(const char *folder, const struct gradebook *format, const json_t *grades,
                      char **failed)
{
    int error = 0;
    size_t i = 0;
    json_t *grade = NULL;
    json_array_foreach (grades, i, grade) {
        struct bytes rendering = {0};
        json_t *alone = json_pack("[O]", grade);
        gradebook_render(format, alone, &rendering);
        json_decref(alone);
        error = write_file(path_beside(folder, graded_id(grade), format), &rendering, failed);
        if (error < 0)
            return error;
    }
    return 0;
}

static int write_format(const char *folder, const struct gradebook *format, const json_t *grades,
                        char **failed)
{
    if (!format->takes_many)
        return write_each(folder, format, grades, failed);
    struct bytes rendering = {0};
    gradebook_render(format, grades, &rendering);
    int error = write_file(text_of("%s/%s", folder, format->file), &rendering, failed);
    return error == 0 && format->beside != NULL
               ? write_format(folder, format->beside, grades, failed)
               : error;
}

static int write_page(const char *folder, const json_t *class, char **failed)
{
    struct bytes page = {0};
    class_page(class, &page);
    return write_file(text_of("%s/class.html", folder), &page, failed);
}

/*** Leftovers ***/

static bool is_of_class(const char *name, const void *unused)
{
    (void)unused;
    bool is_ours = strcmp(name, "class.json") == 0 || strcmp(name, "class.html") == 0;
    for (size_t i = 0; gradebooks[i] != NULL; i++)
        is_ours |= strcmp(name, gradebooks[i]->file) == 0;
    return is_ours;
}

static bool is_beside_document(const char *name, const void *names)
{
    return json_object_get(names, name) != NULL;
}

/* Removes what killed runs have left half written. */
static void sweep(const char *folder, const json_t *grades)
{
    json_t *names = json_object();
    for (size_t n = 0; gradebooks[n] != NULL; n++) {
        char *ending = ending_of(gradebooks[n]);
        for (size_t i = 0; i < json_array_size(grades); i++) {
            char *name = text_of("%s%s", graded_id(json_array_get(grades, i)), ending);
            json_object_set_new(names, name, json_true());
            free(name);
        }
        free(ending);
    }
    char *beside = text_of("%s/grades", folder);
    output_file_sweep(folder, is_of_class, NULL);
    output_file_sweep(beside, is_beside_document, names);
    free(beside);
    json_decref(names);
}

int class_output_write(const struct class_output *output, const json_t *grades, const json_t *class,
                       char **path)
{
    char *document = text_of("%s/class.json", output->folder);
    sweep(output->folder, grades);
    int error = end_file(document_write(class, document), document, path);
    for (size_t i = 0; i < output->format_count && error == 0; i++) {
        if (output->formats[i] == &gradebook_html)
            error = write_page(output->folder, class, path);
        if (error == 0)
            error = write_format(output->folder, output->formats[i], grades, path);
    }
    return error;
}

void class_output_say(const struct class_output *output, const json_t *grades, const json_t *class,
                      struct bytes *out)
{
    bool is_format_written = output->format_count == 0 || output->folder != NULL;
    if (json_array_size(grades) > 1)
        class_table(class, out);
    else
        gradebook_render(is_format_written ? &gradebook_text : output->formats[0], grades, out);
}
