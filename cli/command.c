#include "cli/command.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/language.h"
#include "base/message.h"
#include "results/document/document.h"
#include "results/document/run_document.h"
#include "text/output_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define INPUT_BYTES_MAX ((size_t)1 << 30)

void command_check_written(int error, const char *path)
{
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "cannot write %s: %s", path, strerror(-error));
}

void command_check_output(const char *path)
{
    if (path != NULL)
        command_check_written(output_file_check(path), path);
}

void command_make_folder(const char *path)
{
    int error = document_make_folder(path);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "cannot make %s: %s", path, strerror(-error));
}

void command_write_document(json_t *document, const char *path)
{
    int error = path != NULL ? document_write(document, path) : 0;
    json_decref(document);
    command_check_written(error, path);
}

void command_read_run(struct run_document *document, const char *path)
{
    char *trouble = NULL;
    if (run_document_read(document, path, &trouble) < 0)
        die(EXIT_USAGE, "%s", trouble);
}

char *command_read_text(const char *path, size_t *count)
{
    char *text = NULL;
    int error = input_read(path, INPUT_BYTES_MAX, &text, count);
    if (error < 0)
        die(EXIT_USAGE, "%s: %s", path,
            error == -EFBIG ? "longer than a gibibyte" : strerror(-error));
    return text;
}

void command_print(struct bytes *text, FILE *stream)
{
    fwrite(bytes_front(text), 1, text->length, stream);
    bytes_release(text);
}

void command_clear_progress(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

FILE *command_text_stream(const char *document_path)
{
    return document_path != NULL && strcmp(document_path, "-") == 0 ? stderr : stdout;
}

static volatile sig_atomic_t is_stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    is_stopped = 1;
}

const volatile sig_atomic_t *command_stop_on_signals(void)
{
    struct sigaction action = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    struct sigaction of_hangup;
    sigaction(SIGHUP, NULL, &of_hangup);
    if (of_hangup.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return &is_stopped;
}

void command_read_language(struct argp_state *state, const struct command_option *option,
                           char *value, void *field)
{
    if (!language_is_known(value))
        usage_error(state, "--%s: unknown language '%s'; use en, fr or de", option->name, value);
    *(const char **)field = value;
}
