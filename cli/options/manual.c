#include "cli/options/manual.h"

#include "results/document/document.h"

#include <ctype.h>
#include <string.h>

/*** Words as roff takes them ***/

/* A line must not begin with a dot or an apostrophe, a dash is not a hyphen, and a backslash is
 * one. */
static void add_text(struct bytes *page, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool begins_line = i == 0 || text[i - 1] == '\n';
        if (begins_line && (text[i] == '.' || text[i] == '\''))
            bytes_print(page, "\\&");
        if (text[i] == '-' || text[i] == '\\')
            bytes_print(page, "%s", text[i] == '-' ? "\\-" : "\\e");
        else
            bytes_append(page, text + i, 1);
    }
}

static void add_word(struct bytes *page, const char *text)
{
    add_text(page, text, strlen(text));
}

static void add_heading(struct bytes *page, const char *name, const char *summary)
{
    char upper[64] = "";
    for (size_t i = 0; name[i] != '\0' && i + 1 < sizeof upper; i++)
        upper[i] = (char)toupper((unsigned char)name[i]);
    bytes_print(page, ".TH %s 1 \"%s\" \"proctor %s\" \"proctor\"\n.SH NAME\n", upper, tool_date(),
                tool_version());
    add_word(page, name);
    bytes_print(page, " \\- ");
    add_word(page, summary);
    bytes_print(page, "\n");
}

/*** The parts of a page ***/

/* One line of it for each way to call the command. */
static void add_synopsis(struct bytes *page, const struct command *command)
{
    const char *way = command->line->arguments != NULL ? command->line->arguments : "";
    bytes_print(page, ".SH SYNOPSIS\n");
    for (const char *end = way; end != NULL; way = end + 1) {
        end = strchr(way, '\n');
        bytes_print(page, "%s.B proctor %s\n[OPTION]... ",
                    way != command->line->arguments && *way != '\0' ? ".br\n" : "", command->name);
        add_text(page, way, end != NULL ? (size_t)(end - way) : strlen(way));
        bytes_print(page, "\n");
    }
}

/* Lines that are indented are typed as they stand. */
static void add_lines(struct bytes *page, const char *text)
{
    bool is_typed = false;
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        if ((text[0] == ' ') != is_typed)
            bytes_print(page, is_typed ? ".EE\n" : ".EX\n");
        is_typed = text[0] == ' ';
        if (strncmp(text, "Example:", length) == 0)
            bytes_print(page, ".SH EXAMPLES\n");
        else if (length > 0) {
            add_text(page, text, length);
            bytes_print(page, "\n");
        }
        text += length + (text[length] == '\n');
    }
    if (is_typed)
        bytes_print(page, ".EE\n");
}

static void add_option(struct bytes *page, const struct command_option *option)
{
    bytes_print(page, ".TP\n\\fB");
    if (option->letter != 0)
        bytes_print(page, "\\-%c\\fR, \\fB", option->letter);
    add_word(page, "--");
    add_word(page, option->name);
    bytes_print(page, "\\fR");
    if (option->argument != NULL) {
        bytes_print(page, "=\\fI");
        add_word(page, option->argument);
        bytes_print(page, "\\fR");
    }
    bytes_print(page, "\n");
    add_word(page, option->help);
    bytes_print(page, "\n");
}

static void add_group(struct bytes *page, const struct command_line *line, enum option_group group)
{
    const struct command_option *option = NULL;
    bool is_first = true;
    for (size_t i = 0; (option = option_at(line, i)) != NULL; i++) {
        if (option->group != group || !option_is_shown(option))
            continue;
        const char *heading = option_group_heading(group);
        if (is_first && heading != NULL) {
            bytes_print(page, ".SS ");
            add_text(page, heading, strlen(heading) - 1); /* without its colon */
            bytes_print(page, "\n");
        }
        is_first = false;
        add_option(page, option);
    }
}

static void add_ending(struct bytes *page)
{
    bytes_print(page, ".SH EXIT STATUS\n"
                      "0 yes; 1 the subject failed; 2 usage or a wrong input file; 3 proctor could "
                      "not do its own work;\n4 inconclusive.\n");
}

/*** Pages ***/

void manual_of_command(const struct command *command, struct bytes *page)
{
    const struct command_line *line = command->line;
    char name[64];
    snprintf(name, sizeof name, "proctor-%s", command->name);
    size_t before = strcspn(line->help, "\v");
    add_heading(page, name, command->summary);
    add_synopsis(page, command);
    bytes_print(page, ".SH DESCRIPTION\n");
    add_text(page, line->help, before);
    bytes_print(page, "\n.SH OPTIONS\n");
    for (int group = GROUP_NONE; group < GROUPS; group++)
        add_group(page, line, (enum option_group)group);
    bytes_print(page, ".TP\n\\fB\\-?\\fR, \\fB\\-\\-help\\fR[=\\fIall\\fR]\n"
                      "Show the most used options, or all of them\n");
    add_ending(page);
    if (line->help[before] == '\v')
        add_lines(page, line->help + before + 1);
    bytes_print(page, ".SH SEE ALSO\n.BR proctor (1)\n");
}

void manual_of_all(const struct command *commands, struct bytes *page)
{
    add_heading(page, "proctor", "run, load, compare and grade TCP servers");
    bytes_print(page, ".SH SYNOPSIS\n.B proctor\n.I COMMAND\n[OPTION]...\n.SH DESCRIPTION\n"
                      "Runs, loads, compares and grades TCP servers by how they serve many clients "
                      "at once.\n.SH COMMANDS\n");
    for (const struct command *command = commands; command->name != NULL; command++) {
        bytes_print(page, ".TP\n.BR proctor\\-%s (1)\n", command->name);
        add_word(page, command->summary);
        bytes_print(page, "\n");
    }
    add_ending(page);
}
