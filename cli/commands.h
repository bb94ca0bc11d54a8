/* The subcommands, each at the foot of the file of its name. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

command_function bench_command;
command_function compare_command;
command_function diff_command;
command_function doctor_command;
command_function export_command;
command_function grade_command;
command_function identify_command;
command_function list_command;
command_function load_command;
command_function report_command;
command_function respond_command;
command_function serve_command;
command_function watch_command;

extern const struct command_line bench_line;
extern const struct command_line compare_line;
extern const struct command_line diff_line;
extern const struct command_line doctor_line;
extern const struct command_line export_line;
extern const struct command_line grade_line;
extern const struct command_line identify_line;
extern const struct command_line list_line;
extern const struct command_line load_line;
extern const struct command_line report_line;
extern const struct command_line respond_line;
extern const struct command_line serve_line;
extern const struct command_line watch_line;

#endif
