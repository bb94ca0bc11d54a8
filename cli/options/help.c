#include "cli/options/help.h"

#include "base/bytes.h"
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX  128
#define KEY_FIRST 256

struct argp_option help_row(const struct command_option *option, int key)
{
    return (struct argp_option){
        .name = option->name,
        .key = option->letter != 0 ? option->letter : key,
        .arg = option->argument,
        .flags = option_is_shown(option) ? 0 : OPTION_HIDDEN,
        .doc = option->help,
        .group = (int)option->group,
    };
}

/* The rows, then the headings of their groups. */
static void fill_with_all(const struct command_line *line, struct argp_option rows[])
{
    bool is_used[GROUPS] = {false};
    size_t count = 0;
    for (const struct command_option *option; (option = option_at(line, count)) != NULL; count++) {
        rows[count] = help_row(option, KEY_FIRST + (int)count);
        is_used[option->group] = true;
    }
    assert(count + GROUPS < ROWS_MAX);
    for (int group = GROUP_NONE + 1; group < GROUPS; group++)
        if (is_used[group])
            rows[count++] =
                (struct argp_option){.doc = option_group_heading(group), .group = group};
}

static const struct command_option *find(const struct command_line *line, const char *name)
{
    const struct command_option *option = NULL;
    for (size_t i = 0; (option = option_at(line, i)) != NULL; i++)
        if (strcmp(option->name, name) == 0)
            return option;
    assert(!"an option that is most used does not exist");
    return NULL;
}

static void fill_with_most_used(const struct command_line *line, struct argp_option rows[])
{
    size_t count = 0;
    rows[count++] = (struct argp_option){.doc = "Most used:", .group = 1};
    for (size_t i = 0; i < MOST_USED_MAX && line->most_used[i] != NULL; i++) {
        rows[count] = help_row(find(line, line->most_used[i]), KEY_FIRST + (int)i);
        rows[count++].group = 1;
    }
}

/* The first sentence of `help`, what stands behind "\v", and where the rest is said. */
static char *text_with_rest(const struct command_line *line, const char *name)
{
    const char *page = strchr(name, ' '); /* "proctor load" is the page proctor-load */
    const char *sentence_end = strstr(line->help, ". ");
    const char *behind = strchr(line->help, '\v');
    const char *end = sentence_end != NULL && sentence_end < behind ? sentence_end + 1 : behind;
    return text_of("%.*s%s\n\nAll options: '%s --help " HELP_ALL "', or 'man proctor-%s'.",
                   (int)(end - line->help), line->help, behind, name, page != NULL ? page + 1 : "");
}

/* argp would explain how arguments of long options are those of short ones. */
static char *filter(int key, const char *text, void *input)
{
    (void)input;
    return key == ARGP_KEY_HELP_DUP_ARGS_NOTE ? NULL : (char *)(uintptr_t)text;
}

void help_print(const struct command_line *line, const char *name, bool all, FILE *stream)
{
    struct argp_option rows[ROWS_MAX] = {{0}};
    bool is_short = !all && line->most_used[0] != NULL;
    if (is_short)
        fill_with_most_used(line, rows);
    else
        fill_with_all(line, rows);
    char *text = is_short ? text_with_rest(line, name) : text_of("%s", line->help);
    char *own_name = text_of("%s", name);
    const struct argp parser = {
        .options = rows[0].name != NULL || rows[0].doc != NULL ? rows : NULL,
        .args_doc = line->arguments,
        .doc = text,
        .help_filter = filter,
    };
    argp_help(&parser, stream, ARGP_HELP_SHORT_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC, own_name);
    free(own_name);
    free(text);
}
