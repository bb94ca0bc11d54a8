/* Theory of operation: a line is given to `sh -e -c` as it stands, with shell parameters in place of
 * the words in braces, as names of files may contain anything. The last command is started with
 * `exec`, so that what runs is the program, with its own end, and not a shell that waits for it;
 * dash does not do so by itself. Where the last command is none that can take an `exec` (a loop, a
 * pipe), the shell stays. An `exec` before the first word would take that word for the program:
 * `PORT=1 server` and `cd x && server` are lines, too.
 */
#include "grader/grading/shell_line.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "grader/grading/shell_last.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *placeholder;
    const char *parameter;
} parameters[] = {
    {"{entry}", "\"$1\""}, {"{dir}", "\"$2\""}, {"{port}", "$3"}, {"{out}", "\"$4\""}};

#define PARAMETERS (sizeof parameters / sizeof parameters[0])

static void append_line(struct bytes *shell, const char *line)
{
    while (*line != '\0') {
        size_t i = 0;
        while (i < PARAMETERS &&
               strncmp(line, parameters[i].placeholder, strlen(parameters[i].placeholder)) != 0)
            i++;
        if (i == PARAMETERS) {
            bytes_append(shell, line++, 1);
            continue;
        }
        bytes_append(shell, parameters[i].parameter, strlen(parameters[i].parameter));
        line += strlen(parameters[i].placeholder);
    }
}

/* The script: the lines, `exec` before the last command, and the arguments behind it. */
static char *script_of(const char *line, const char *arguments)
{
    struct bytes shell = {0};
    size_t begin = 0;
    size_t end = 0;
    bool is_simple = shell_find_last(line, &begin, &end);
    char *before = text_of("%.*s", (int)(is_simple ? begin : 0), line);
    char *last = text_of("%.*s", (int)(end - strlen(before)), line + strlen(before));
    append_line(&shell, before);
    append_line(&shell, is_simple ? "exec " : "");
    append_line(&shell, last);
    if (arguments != NULL) {
        append_line(&shell, " ");
        append_line(&shell, arguments);
    }
    free(before);
    free(last);
    return bytes_take_text(&shell);
}

#define WORDS 9

char **shell_command_new(const char *line, const char *arguments, const struct shell_values *values)
{
    /* With "./", so that no tool takes a name like '-o' or '@file' for an option. */
    bool has_entry = values->entry != NULL;
    char *const words[WORDS] = {
        text_of("sh"),
        text_of("-ec"),
        script_of(line, arguments),
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
