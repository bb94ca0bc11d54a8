/* render_gradebook FORMAT FILE.json...: renders grade documents to standard output, so that other
 * programs can be asked what they make of it. Without arguments: the names of all formats. */
#include "grader/gradebook/gradebooks.h"

#include <stdio.h>
#include <stdlib.h>

static void load(json_t *grades, const char *path)
{
    json_error_t error;
    json_t *document = json_load_file(path, JSON_ALLOW_NUL, &error);
    if (document == NULL) {
        fprintf(stderr, "%s: %s\n", path, error.text);
        exit(2);
    }
    json_array_append_new(grades, document);
}

int main(int count, char **words)
{
    for (size_t i = 0; count == 1 && gradebooks[i] != NULL; i++)
        printf("%s %s\n", gradebooks[i]->name, gradebooks[i]->takes_many ? "many" : "one");
    if (count < 2)
        return 0;
    const struct gradebook *gradebook = gradebook_find(words[1]);
    if (gradebook == NULL)
        return 2;
    json_t *grades = json_array();
    for (int i = 2; i < count; i++)
        load(grades, words[i]);
    struct bytes out = {0};
    gradebook_render(gradebook, grades, &out);
    if (out.length > 0)
        fwrite(bytes_front(&out), 1, out.length, stdout);
    bytes_release(&out);
    json_decref(grades);
    return 0;
}
