/* Theory of operation: the script has a function with one case for each command: its options, what
 * an option takes - words, a list that proctor prints, a number, or else a file - and what stands
 * without an option. bash cuts words at "=", so that the option may stand two words before. What
 * the function has no word for is completed as a file.
 */
#include "cli/options/completion.h"

#include <string.h>

static const char head[] =
    "# Completion for bash, made by 'proctor help --write' from the tables of the commands.\n"
    "_proctor_list() { proctor list \"$1\" 2>/dev/null | cut -d ' ' -f 1; }\n"
    "_proctor() {\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} word\n"
    "    local options=--help names= plain= values= takes=\n"
    "    COMPREPLY=()\n"
    "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD - 1}\"; do\n"
    "        if [ \"$word\" = -- ]; then return; fi # somebody else's command\n"
    "    done\n"
    "    if [ \"$previous\" = = ]; then previous=${COMP_WORDS[COMP_CWORD - 2]}; fi\n"
    "    if [ \"$current\" = = ]; then previous=${COMP_WORDS[COMP_CWORD - 1]} current=; fi\n"
    "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
    "        COMPREPLY=($(compgen -W '";

static const char middle[] = "--help --version' -- \"$current\"))\n"
                             "        return\n"
                             "    fi\n"
                             "    case ${COMP_WORDS[1]} in\n";

static const char foot[] =
    "    esac\n"
    "    case $takes in\n"
    "    number) compopt +o default 2>/dev/null ;;\n"
    "    words) COMPREPLY=($(compgen -W \"$values\" -- \"$current\")) ;;\n"
    "    list) COMPREPLY=($(compgen -W \"$(_proctor_list \"$values\")\" -- \"$current\")) ;;\n"
    "    '')\n"
    "        if [[ $current == -* ]]; then\n"
    "            COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
    "        else\n"
    "            [ -z \"$names\" ] || plain=$(_proctor_list \"$names\")\n"
    "            COMPREPLY=($(compgen -W \"$plain\" -- \"$current\"))\n"
    "        fi\n"
    "        ;;\n"
    "    esac\n"
    "}\n"
    "complete -o default -F _proctor proctor\n";

/* What follows the option: sets `takes`, and `values`. */
static void add_values(struct bytes *script, const struct command_option *option)
{
    if (option->listed != NULL)
        bytes_print(script, "takes=list values=%s", option->listed);
    else if (option->words != NULL) {
        bytes_print(script, "takes=words values='");
        for (int64_t i = option->least; i <= option->most; i++)
            if (strchr(option->words[i], ' ') == NULL)
                bytes_print(script, "%s ", option->words[i]);
        bytes_print(script, "'");
    } else if (option->type == OPTION_COUNT || option->type == OPTION_DURATION)
        bytes_print(script, "takes=number");
    else
        bytes_print(script, "takes=file");
}

/* Words that stand without an option: those of "models|protocols", or the commands. */
static void add_plain(struct bytes *script, const struct command *command,
                      const struct command *commands)
{
    const char *words = command->line->arguments != NULL ? command->line->arguments : "";
    bool are_words = words[strspn(words, "abcdefghijklmnopqrstuvwxyz|")] == '\0';
    bytes_print(script, "plain='");
    for (; are_words && *words != '\0'; words++)
        bytes_print(script, "%c", *words == '|' ? ' ' : *words);
    for (; command->run == NULL && commands->name != NULL; commands++)
        bytes_print(script, "%s ", commands->name);
    bytes_print(script, "'\n");
}

static void add_command(struct bytes *script, const struct command *command,
                        const struct command *commands)
{
    const struct command_option *option = NULL;
    bytes_print(script, "    %s)\n        options='", command->name);
    for (size_t i = 0; (option = option_at(command->line, i)) != NULL; i++)
        if (option_is_shown(option))
            bytes_print(script, "--%s ", option->name);
    bytes_print(script, "--help' names=%s ",
                command->line->listed != NULL ? command->line->listed : "");
    add_plain(script, command, commands);
    bytes_print(script, "        case $previous in\n");
    for (size_t i = 0; (option = option_at(command->line, i)) != NULL; i++) {
        if (!option_is_shown(option) || option->argument == NULL)
            continue;
        if (option->letter != 0)
            bytes_print(script, "        -%c | --%s) ", option->letter, option->name);
        else
            bytes_print(script, "        --%s) ", option->name);
        add_values(script, option);
        bytes_print(script, " ;;\n");
    }
    bytes_print(script, "        esac\n        ;;\n");
}

void completion_for_bash(const struct command *commands, struct bytes *script)
{
    const struct command *const all = commands;
    bytes_print(script, "%s", head);
    for (const struct command *command = commands; command->name != NULL; command++)
        bytes_print(script, "%s ", command->name);
    bytes_print(script, "%s", middle);
    for (const struct command *command = commands; command->name != NULL; command++)
        add_command(script, command, all);
    bytes_print(script, "%s", foot);
}
