/* Theory of operation: a line is given to `sh -e -c` as it stands, with shell parameters in place
 * of the words in braces, as names of files may contain anything. The last command is started with
 * `exec`, so that what runs is the program, with its own end, and not a shell that waits for it;
 * dash does not do so by itself. Where the last command is none that can take an `exec` (a loop, a
 * pipe), the shell stays. An `exec` before the first word would take that word for the program:
 * `PORT=1 server` and `cd x && server` are lines, too.
 */
#include "grader/grading/shell_line.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "grader/assignment/assignment.h"
#include "grader/assignment/drawn.h"
#include "grader/grading/shell_last.h"
#include "grader/play/stage.h"
#include "grader/protocols/placeholder.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *placeholder;
    const char *parameter;
} parameters[] = {
    {"{entry}", "\"$1\""}, {"{dir}", "\"$2\""}, {"{port}", "$3"}, {"{out}", "\"$4\""}};

#define PARAMETERS (sizeof parameters / sizeof parameters[0])

/* The parameter that stands for the word in braces at `text`, and its length; or NULL. */
static const char *find_parameter(const char *text, size_t *length)
{
    for (size_t i = 0; i < PARAMETERS; i++) {
        *length = strlen(parameters[i].placeholder);
        if (strncmp(text, parameters[i].placeholder, *length) == 0)
            return parameters[i].parameter;
    }
    return NULL;
}

/* The port that {port:NAME} at `text` names, and the length of that; or NULL. */
static const struct named_port *find_port(const char *text, const struct shell_values *values,
                                          size_t *length)
{
    struct placeholder placeholder;
    if (*text != '{' || !placeholder_find(text, &placeholder) || placeholder.begin != text ||
        !placeholder_is(&placeholder, "port"))
        return NULL;
    *length = placeholder.length;
    for (size_t i = 0; i < values->port_count; i++)
        if (placeholder_is_named(&placeholder, values->ports[i].name))
            return &values->ports[i];
    return NULL;
}

static void append(struct bytes *shell, const char *text)
{
    bytes_append(shell, text, strlen(text));
}

/* How what is no word in braces is written. */
typedef void append_letter(struct bytes *shell, char letter);

static void append_as_it_is(struct bytes *shell, char letter)
{
    bytes_append(shell, &letter, 1);
}

/* Between single quotes. */
static void append_quoted(struct bytes *shell, char letter)
{
    if (letter == '\'')
        append(shell, "'\\''");
    else
        append_as_it_is(shell, letter);
}

/* Appends the value at `at`: letters, digits or a sign, which need no quotes. Its length, or 0. */
static size_t append_value(struct bytes *shell, const char *line, const char *at,
                           const struct values *values)
{
    struct placeholder placeholder;
    const struct filling filling = values_filling(values);
    bool is_value = values != NULL && *at == '{' && line_find_value(line, at, &placeholder) &&
                    placeholder.begin == at;
    return is_value && filling.fill(filling.context, &placeholder, shell) ? placeholder.length : 0;
}

/* Appends what stands for the word in braces at `at`. Its length; 0: there is none. */
static size_t append_word(struct bytes *shell, const char *line, const char *at,
                          const struct shell_values *values, bool is_quoted)
{
    size_t length = 0;
    const char *parameter = find_parameter(at, &length);
    if (parameter != NULL) {
        bytes_print(shell, is_quoted ? "'%s'" : "%s", parameter);
        return length;
    }
    const struct named_port *port = find_port(at, values, &length);
    if (port == NULL)
        return append_value(shell, line, at, values->values);
    bytes_print(shell, "%u", port->port);
    return length;
}

static void append_line(struct bytes *shell, const char *line, const struct shell_values *values,
                        append_letter *append_other)
{
    bool is_quoted = append_other == append_quoted;
    for (const char *at = line; *at != '\0';) {
        size_t length = append_word(shell, line, at, values, is_quoted);
        if (length == 0)
            append_other(shell, *at++);
        at += length;
    }
}

/* The value stands for itself, but for the words in braces: a shell sees it quoted. */
static void append_variable(struct bytes *shell, const struct variable *variable,
                            const struct shell_values *values)
{
    bytes_print(shell, "export %s='", variable->name);
    append_line(shell, variable->value, values, append_quoted);
    append(shell, "'\n");
}

/* The script: the environment, the lines, `exec` before the last command, and the arguments. */
static char *script_of(const struct shell_line *line, const struct shell_values *values)
{
    struct bytes shell = {0};
    size_t begin = 0;
    size_t end = 0;
    bool is_simple = shell_find_last(line->line, &begin, &end);
    begin = is_simple ? begin : 0;
    char *before = text_of("%.*s", (int)begin, line->line);
    char *last = text_of("%.*s", (int)(end - begin), line->line + begin);
    for (size_t i = 0; i < line->variable_count; i++)
        append_variable(&shell, &line->variables[i], values);
    append_line(&shell, before, values, append_as_it_is);
    append(&shell, is_simple ? "exec " : "");
    append_line(&shell, last, values, append_as_it_is);
    if (line->arguments != NULL) {
        append(&shell, " ");
        append_line(&shell, line->arguments, values, append_as_it_is);
    }
    free(before);
    free(last);
    return bytes_take_text(&shell);
}

#define WORDS 9

char **shell_command_new(const struct shell_line *line, const struct shell_values *values)
{
    /* With "./", so that no tool takes a name like '-o' or '@file' for an option. */
    bool has_entry = values->entry != NULL;
    char *const words[WORDS] = {
        text_of("sh"),
        text_of("-ec"),
        script_of(line, values),
        text_of("sh"),
        text_of("%s%s", has_entry ? "./" : "", has_entry ? values->entry : ""),
        text_of("%s", values->folder),
        text_of("%u", values->port),
        text_of("%s", values->out),
        NULL,
    };
    char **command = allocate(WORDS, sizeof *command);
    memcpy(command, words, sizeof words);
    return command;
}

void shell_command_free(char **command)
{
    for (char **word = command; word != NULL && *word != NULL; word++)
        free(*word);
    free(command);
}
