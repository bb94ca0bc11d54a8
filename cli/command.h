/* A subcommand of proctor, and what they share.
 *
 * Each subcommand is one file: its options, one call into another folder, its exit code.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options/options.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>

struct bytes;
struct run_document;

/* Ends the program with EXIT_PROCTOR_FAILED if `path` cannot be written: to be called before the
 * work. NULL and "-" are all right. */
void command_check_output(const char *path);

/* Ends the program with EXIT_PROCTOR_FAILED if writing `path` failed: `error` is -errno. */
void command_check_written(int error, const char *path);

/* Makes the folder, unless it exists, or ends the program with EXIT_PROCTOR_FAILED. */
void command_make_folder(const char *path);

/* Writes `document` to `path`, unless that is NULL, and releases it; ends the program with
 * EXIT_PROCTOR_FAILED if that fails. */
void command_write_document(json_t *document, const char *path);

/* Reads a run document, or ends the program with EXIT_USAGE. */
void command_read_run(struct run_document *document, const char *path);

/* Reads a file, or standard input for "-", of what is yet to be found out; or ends the program with
 * EXIT_USAGE. The caller frees. */
char *command_read_text(const char *path, size_t *count);

/* Reads the value of --language into a const char *. */
void command_read_language(struct argp_state *state, const struct command_option *option,
                           char *value, void *field);

/* Prints the text and releases it. */
void command_print(struct bytes *text, FILE *stream);

/* Clears the line on which progress is shown, if stderr is a terminal. */
void command_clear_progress(void);

/* Where the text goes: to stderr if the document takes standard output. */
FILE *command_text_stream(const char *document_path);

/* From now on the first SIGINT, SIGTERM or SIGHUP (unless under nohup) sets the flag returned here,
 * and the command should stop; the second one ends the program. */
const volatile sig_atomic_t *command_stop_on_signals(void);

#endif
