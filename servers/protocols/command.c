/* Runs what the client says, and sends back what comes out of it.
 *
 * One line is one command with arguments, separated by blanks; no shell sees it, so quotes,
 * variables and pipes mean nothing. Half a command is run only where --line-end says that whatever
 * one receive brings is a message. A command that prints nothing is answered with an empty line,
 * because clients of the course wait for an answer to every line.
 */
#include "servers/protocols/launcher.h"
#include "servers/protocols/lines.h"
#include "servers/protocols/protocol.h"

#include <ctype.h>
#include <string.h>

static const char *command_check(const struct protocol_options *options)
{
    if (!options->allow_remote_commands)
        return "lets every client run commands on this machine; add --allow-remote-commands if you "
               "mean it";
    if (!options->on_loopback)
        return "is served on a loopback address only, such as 127.0.0.1";
    return NULL;
}

/* The words of the line, each with a NUL after it. Their number; 0 also for a line with a NUL. */
static size_t split(const struct message *line, struct bytes *words)
{
    size_t count = 0;
    bytes_consume(words, words->length);
    for (size_t i = 0; i < line->length; i++) {
        char letter = line->text[i];
        if (letter == '\0')
            return 0;
        if (isspace((unsigned char)letter))
            continue;
        bytes_append(words, &letter, 1);
        bool is_last = i + 1 == line->length || isspace((unsigned char)line->text[i + 1]);
        if (is_last)
            bytes_append(words, "", 1);
        count += is_last;
    }
    return count;
}

/* A web page can make a browser send lines to this machine, but the first is always one of HTTP. */
static bool is_of_http(const struct message *line)
{
    static const char version[] = " HTTP/1.";
    return memmem(line->text, line->length, version, sizeof version - 1) != NULL;
}

static enum next run(struct conversation *conversation, const struct message *line)
{
    struct attachment *command = &conversation->attachment;
    if (is_of_http(line))
        return NEXT_CLOSE;
    size_t words = split(line, &command->name);
    bool is_too_long = words > LAUNCHER_WORDS_MAX || command->name.length > LAUNCHER_BYTES_MAX;
    if (words == 0 || is_too_long) {
        bytes_print(&conversation->reply, is_too_long ? "too many words\n" : "\n");
        return NEXT_RECEIVE;
    }
    command->kind = ATTACH_COMMAND;
    command->otherwise = "the command cannot be started\n";
    command->if_empty = "\n";
    return NEXT_ATTACH;
}

static enum next command_received(struct conversation *conversation, const char *data, size_t count)
{
    return lines_received(conversation, data, count, run, "line too long");
}

const struct protocol protocol_command = {
    .name = "command",
    .summary = "runs each line as a command and sends back its output; loopback only",
    .needs = PROTOCOL_RUNS_COMMANDS,
    .state_size = sizeof(struct lines),
    .check = command_check,
    .received = command_received,
    .end = lines_end,
};
