#include "cli/submission_options.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/message.h"
#include "cli/command.h"
#include "grader/arena/sandbox.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const isolations[] = {
    [ISOLATION_ROOT] = "root",
    [ISOLATION_USER] = "user",
    [ISOLATION_NETWORK] = "network",
    [ISOLATION_NONE] = "none",
};

#define FIELD(member) OPTION_FIELD(struct submission_options, member)

const struct command_option submission_options[] = {
    {"patience", OPTION_DURATION, GROUP_SUBMISSION, "TIME",
     "Wait this long when nothing can be concluded (default 20s)", FIELD(patience_ns),
     .least = NS_PER_MS, .most = 3600 * NS_PER_S},
    {"port", OPTION_COUNT, GROUP_SUBMISSION, "N",
     "Port to use if the program listens on several (default: its only one)", FIELD(port),
     .least = 1, .most = UINT16_MAX},
    {"isolation", OPTION_WORD, GROUP_SUBMISSION, "LEVEL",
     "root, user, network or none (default: the strongest available; see 'proctor doctor')",
     FIELD(arena.isolation), .words = isolations, .least = ISOLATION_ROOT, .most = ISOLATION_NONE},
    {"without-io-uring", OPTION_FLAG, GROUP_SUBMISSION, NULL, "Hide io_uring from the program",
     FIELD(limits.is_without_io_uring)},
    {"strict", OPTION_FLAG, GROUP_OUTPUT, NULL, "Exit with 4 if nothing could be concluded",
     FIELD(is_strict)},
    {"json", OPTION_TEXT, GROUP_OUTPUT, "FILE", "Also write the document; - is standard output",
     FIELD(json_path)},
    {"language", OPTION_CUSTOM, GROUP_OUTPUT, "LANGUAGE",
     "Language of findings and hints: en, fr or de (default: that of LC_ALL, LC_MESSAGES or LANG)",
     FIELD(language), .read = command_read_language},
    {0},
};

void submission_options_init(struct submission_options *submission)
{
    *submission = (struct submission_options){
        .arena.limits = &submission->limits,
        .limits = limits_default,
        .patience_ns = 20 * NS_PER_S,
    };
}

struct grading_plan submission_options_plan(const struct submission_options *submission,
                                            const struct assignment *assignment)
{
    return (struct grading_plan){
        .assignment = assignment,
        .language = language_name(),
        .isolation = submission->arena.isolation,
        .patience_ns = submission->patience_ns,
    };
}

void submission_options_take_command(struct argp_state *state, char *value, void *options)
{
    struct submission_options *submission = options;
    (void)value;
    submission->arena.command = &state->argv[state->next - 1];
    state->next = state->argc;
}

void submission_options_die(const struct submission_options *submission, const char *who,
                            const struct arena_trouble *trouble, int error)
{
    if (trouble->is_command)
        die(EXIT_USAGE, "%s: cannot run '%s': %s", who, submission->arena.command[0],
            strerror(-error));
    if (trouble->shut[0] != '\0')
        die(EXIT_PROCTOR_FAILED,
            "%s: %s cannot enter the folder %s; start proctor in another one, or let all enter it "
            "(chmod a+x)",
            who, geteuid() == 0 ? "the submission's user" : "this user", trouble->shut);
    die(EXIT_PROCTOR_FAILED, "%s: %s failed: %s; 'proctor doctor' says what is missing", who,
        trouble->what, strerror(-error));
}

void submission_options_warn(const struct submission_options *submission, const char *who,
                             const char *isolation)
{
    bool is_network_only = strcmp(isolation, isolation_name(ISOLATION_NETWORK)) == 0;
    bool is_without = strcmp(isolation, isolation_name(ISOLATION_NONE)) == 0;
    char *folder = getcwd(NULL, 0);
    if (!is_network_only && !is_without && folder != NULL && sandbox_holds_a_home(folder))
        warn("%s: the program saw only the files that its command names, as it was started in a "
             "home folder; start it in a folder of its own",
             who);
    free(folder);
    if (submission->arena.isolation != ISOLATION_BEST)
        return;
    if (is_network_only)
        warn("%s: the program saw all files of this machine; 'proctor doctor' says what is missing",
             who);
    if (is_without)
        warn("%s: the program ran without isolation; 'proctor doctor' says what is missing", who);
}

bool submission_options_prints_text(const struct submission_options *submission)
{
    return submission->json_path == NULL || strcmp(submission->json_path, "-") != 0;
}

void submission_options_report(const struct submission_options *submission, struct bytes *text,
                               json_t *document)
{
    if (submission_options_prints_text(submission))
        command_print(text, stdout);
    else
        bytes_release(text);
    command_write_document(json_incref(document), submission->json_path);
}
