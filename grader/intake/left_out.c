#include "grader/intake/left_out.h"

#include "base/bytes.h"
#include "base/language.h"
#include "base/memory.h"
#include "text/printable.h"
#include "text/word_list.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_SAID ((size_t)3)

/* So that a hand-in of a million of them takes no longer than it should. */
#define NAMES_NOTED ((size_t)500)

/*** By name ***/

/* A virtual environment is known by its "pyvenv.cfg" (wrapping.c), as "venv" and "env" are names of
 * other folders too; this one is most of it. */
static const char *const tools[] = {".git",  ".svn",         ".hg",           "__pycache__",
                                    ".venv", "node_modules", "site-packages", NULL};

static const char *const systems[] = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", NULL};

/* macOS keeps the attributes of FILE in "._FILE" where a file system or an archive has no place for
 * them (AppleDouble, RFC 1740). */
#define ATTRIBUTES_OF "._"

static bool is_left_out(const char *part, bool is_folder, enum left_out_kind *kind)
{
    if (is_folder && tools[word_place(tools, part)] != NULL) {
        *kind = LEFT_OUT_TOOLS;
        return true;
    }
    *kind = LEFT_OUT_SYSTEM;
    return systems[word_place(systems, part)] != NULL ||
           strncmp(part, ATTRIBUTES_OF, strlen(ATTRIBUTES_OF)) == 0;
}

size_t left_out_find(const char *path, bool is_folder, enum left_out_kind *kind)
{
    for (const char *part = path; *part != '\0'; part += strspn(part, "/")) {
        size_t length = strcspn(part, "/");
        char *name = text_of("%.*s", (int)length, part);
        part += length;
        bool is_found = is_left_out(name, *part == '/' || is_folder, kind);
        free(name);
        if (is_found)
            return (size_t)(part - path);
    }
    return 0;
}

/*** Noting ***/

static void forget_below(json_t *names, const char *folder)
{
    size_t length = strlen(folder);
    const char *name = NULL;
    json_t *value = NULL;
    void *next = NULL;
    json_object_foreach_safe(names, next, name,
                             value) if (strncmp(name, folder, length) == 0 && name[length] == '/')
        json_object_del(names, name);
}

void left_out_note(struct left_out *left_out, enum left_out_kind kind, const char *path,
                   size_t length)
{
    if (json_object_size(left_out->names[kind]) >= NAMES_NOTED)
        return;
    char *name = text_of("%.*s", (int)length, path);
    char *shown = name_shown(name);
    if (left_out->names[kind] == NULL)
        left_out->names[kind] = json_object();
    if (json_object_get(left_out->names[kind], shown) == NULL && kind == LEFT_OUT_TOOLS)
        for (size_t i = 0; i < LEFT_OUT_KINDS; i++)
            forget_below(left_out->names[i], shown);
    json_object_set_new(left_out->names[kind], shown, json_true());
    free(shown);
    free(name);
}

size_t left_out_count(const struct left_out *left_out)
{
    size_t count = 0;
    for (size_t i = 0; i < LEFT_OUT_KINDS; i++)
        count += json_object_size(left_out->names[i]);
    return count;
}

/*** Saying so ***/

/* The first of them; to be freed. */
static char *list_names(json_t *names)
{
    struct bytes text = {0};
    size_t count = json_object_size(names);
    size_t said = 0;
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach (names, name, value)
        if (said++ < NAMES_SAID)
            bytes_print(&text, "%s%s", said > 1 ? ", " : "", name);
    char *list = bytes_take_text(&text);
    if (count <= NAMES_SAID)
        return list;
    char *all = count < NAMES_NOTED ? text_of(_("%s and %zu more"), list, count - NAMES_SAID)
                                    : text_of(_("%s and many more"), list);
    free(list);
    return all;
}

void left_out_say(const struct left_out *left_out, json_t *sentences)
{
    static const char *const texts[LEFT_OUT_KINDS] = {
        [LEFT_OUT_TOOLS] = N_("left out, as tools make it:"),
        [LEFT_OUT_SYSTEM] = N_("left out, as the operating system adds it:"),
        [LEFT_OUT_SPECIAL] = N_("left out, as links and devices are not followed:"),
    };
    for (size_t i = 0; i < LEFT_OUT_KINDS; i++) {
        if (json_object_size(left_out->names[i]) == 0)
            continue;
        char *names = list_names(left_out->names[i]);
        char *sentence = text_of("%s %s", _(texts[i]), names);
        json_array_append_new(sentences, json_string(sentence));
        free(sentence);
        free(names);
    }
}

void left_out_release(struct left_out *left_out)
{
    for (size_t i = 0; i < LEFT_OUT_KINDS; i++)
        json_decref(left_out->names[i]);
    *left_out = (struct left_out){0};
}
