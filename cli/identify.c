/* proctor identify: which concurrency model a server has. */
#include "cli/commands.h"
#include "cli/submission_options.h"

#include "base/message.h"
#include "grader/identify/identify.h"

static error_t parse(int key, char *value, struct argp_state *state)
{
    (void)value;
    struct submission_options *submission = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = submission;
        return 0;
    case ARGP_KEY_ARG:
        submission_options_take_command(submission, state);
        return 0;
    case ARGP_KEY_END:
        if (submission->arena.command == NULL)
            usage_error(state, "which server? give its command after --");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&submission_options_parser, 0, NULL, 0}, {0}};

static const struct argp parser = {
    .parser = parse,
    .children = children,
    .args_doc = "-- COMMAND...",
    .doc =
        "Starts a server in a network of its own, lets clients come, be silent, speak and leave, "
        "and says which concurrency model it has and how that is known: from what it did and "
        "from where its processes and threads slept meanwhile.\v"
        "Example:\n  proctor identify -- python3 server.py",
};

int identify_command(int argc, char **argv)
{
    struct submission_options submission;
    submission_options_init(&submission);
    command_parse(&parser, argc, argv, ARGP_IN_ORDER, &submission);
    submission_options_set_language(&submission);

    const struct conduct conduct = {.port = submission.port};
    const struct stage_plan plan = {
        .arena = submission.arena,
        .conduct = &conduct,
        .patience_ns = submission.patience_ns,
    };
    struct identification identification;
    struct arena_trouble trouble;
    int error = identify_run(&identification, &plan, (struct token_source){0}, &trouble);
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
