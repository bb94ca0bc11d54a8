#include "cli/options/table.h"

static const char *const headings[GROUPS] = {
    [GROUP_SERVERS] = "Servers:",
    [GROUP_LISTENING] = "Listening:",
    [GROUP_SERVING] = "Serving:",
    [GROUP_CLIENTS] = "Clients:",
    [GROUP_SCHEDULE] = "Schedule:",
    [GROUP_PROTOCOL] = "Protocol:",
    [GROUP_DELAYS] = "Delays:",
    [GROUP_SUBMISSION] = "Submission:",
    [GROUP_CLASS] = "Class and gradebooks (with an assignment):",
    [GROUP_SECOND_CLIENT] = "second-client:",
    [GROUP_CHECKS] = "checks:",
    [GROUP_MEASURING] = "Measuring:",
    [GROUP_OUTPUT] = "Output:",
};

const struct command_option *option_at(const struct command_line *line, size_t i)
{
    for (size_t t = 0; t < OPTION_TABLES_MAX && line->tables[t].options != NULL; t++)
        for (const struct command_option *option = line->tables[t].options; option->name != NULL;
             option++)
            if (i-- == 0)
                return option;
    return NULL;
}

const char *option_group_heading(enum option_group group)
{
    return headings[group];
}

bool option_is_shown(const struct command_option *option)
{
    return option->type != OPTION_OLD_NAME;
}
