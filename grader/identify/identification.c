#include "grader/identify/identify.h"

#include "base/language.h"
#include "results/document/document.h"
#include "text/sanitise.h"

#include <stdlib.h>

void identification_release(struct identification *identification)
{
    free(identification->detail);
    free(identification->hint);
    json_decref(identification->because);
}

json_t *identification_describe(const struct identification *identification, char *const *command)
{
    json_t *document = document_new(SCHEMA_GRADE);
    json_object_set_new(document, "assignment", json_string("identify"));
    json_object_set_new(document, "language", json_string(language_name()));
    json_object_set_new(document, "submission",
                        json_pack("{s:o}", "command", document_command(command)));
    json_object_set_new(document, "isolation",
                        json_string(isolation_name(identification->isolation)));
    json_object_set_new(document, "identified",
                        json_pack("{s:s?, s:s, s:s?, s:O}", "model", identification->model,
                                  "detail", identification->detail, "hint", identification->hint,
                                  "because", identification->because));
    json_object_set_new(document, "decided_by",
                        json_string(ground_decided_by(identification->ground)));
    json_object_set_new(document, "start_ms", json_real((double)identification->start_ns / 1e6));
    json_object_set_new(document, "identify_ms",
                        json_real((double)identification->identify_ns / 1e6));
    return document;
}

/* Each word with a blank before it; to be freed. */
static char *command_text(char *const *command)
{
    struct bytes text = {0};
    for (; *command != NULL; command++)
        sanitise_print(&text, SANITISE_LINE, " %s", *command);
    return bytes_take_text(&text);
}

void identification_print(FILE *stream, const struct identification *identification,
                          char *const *command)
{
    char *words = command_text(command);
    sanitise_say(stream, SANITISE_LINE, "%s: %s\n  ",
                 identification->model != NULL ? identification->model : _("unknown"),
                 identification->detail);
    if (identification->hint != NULL)
        sanitise_say(stream, SANITISE_LINE, "%s%s\n  ", _("hint: "), identification->hint);
    fprintf(stream, _("identified in %.0f ms after it listened; by%s; because"),
            (double)identification->identify_ns / 1e6, words);
    fputc('\n', stream);
    free(words);
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach (identification->because, index, row)
        sanitise_say(stream, SANITISE_LINE, "  - %s\n",
                     json_string_value(json_object_get(row, "text")));
}
