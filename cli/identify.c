/* proctor identify: which concurrency model a server has. */
#include "cli/commands.h"
#include "cli/submission_options.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/message.h"
#include "grader/identify/identify.h"

const struct command_line identify_line = {
    .tables = {{submission_options, 0}},
    .arguments = "-- COMMAND...",
    .flags = ARGP_IN_ORDER,
    .argument_count = 1, /* which takes the others with it */
    .missing = "COMMAND: give the server's command after --",
    .take_argument = submission_options_take_command,
    .most_used = {"isolation", "json", "language", "port", "patience"},
    .help = "Starts a server in a network of its own, lets clients connect, stay silent, speak and "
            "leave, and names its concurrency model, with the evidence: what the server did, and "
            "where its processes and threads slept meanwhile.\v"
            "Example:\n  proctor identify -- python3 server.py",
};

int identify_command(int argc, char **argv)
{
    struct submission_options submission;
    submission_options_init(&submission);
    options_parse(&identify_line, argc, argv, &submission);
    language_set(submission.language);

    const struct conduct conduct = {.port = submission.port};
    submission.arena.end_ns = clock_now_ns() + submission.limits.grading_ns;
    const struct stage_plan plan = {
        .arena = submission.arena,
        .conduct = &conduct,
        .patience_ns = submission.patience_ns,
    };
    struct identification identification;
    struct arena_trouble trouble;
    int error = identify_run(&identification, &plan, (struct token_source){0}, false, &trouble);
    if (error < 0)
        submission_options_die(&submission, "identify", &trouble, error);
    if (submission_options_prints_text(&submission))
        identification_print(stdout, &identification, plan.arena.command);
    submission_options_warn(&submission, "identify", isolation_name(identification.isolation));
    command_write_document(identification_describe(&identification, plan.arena.command),
                           submission.json_path);
    int code = identification.model == NULL && submission.is_strict ? EXIT_INCONCLUSIVE : EXIT_YES;
    identification_release(&identification);
    return code;
}
