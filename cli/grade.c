/* proctor grade: submissions by an assignment in a file, or a command by a built-in one. */
#include "cli/commands.h"
#include "cli/grade_class.h"
#include "cli/submission_options.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/gradebook/gradebooks.h"
#include "grader/grading/built_in.h"
#include "grader/grading/grading.h"
#include "grader/protocols/protocol.h"
#include "observe/waiting/models.h"
#include "text/json_field.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct grade_arguments {
    struct built_in built_in; /* unless the assignment is a file */
    struct grade_class_options class;
    struct submission_options submission;
};

static bool has_file(const struct grade_arguments *arguments)
{
    return !built_in_is_called(arguments->class.assignment);
}

/*** Options ***/

static void read_protocol(struct argp_state *state, const struct command_option *option,
                          char *value, void *field)
{
    if (play_protocol_parse(field, value) < 0)
        usage_error(state, "--%s: unknown protocol '%s'; use echo, prefix:TEXT or sink",
                    option->name, value);
}

static void read_format(struct argp_state *state, const struct command_option *option, char *value,
                        void *field)
{
    struct grade_class_options *class = field;
    const struct gradebook *format = gradebook_find(value);
    if (format == NULL)
        usage_error(state, "--%s: unknown gradebook '%s' (see 'proctor list formats')",
                    option->name, value);
    if (class->format_count < GRADE_FORMATS_MAX)
        class->formats[class->format_count++] = format;
}

/* "this-check,that-check" */
static void read_checks(struct argp_state *state, const struct command_option *option, char *value,
                        void *field)
{
    char *rest = NULL;
    for (char *id = strtok_r(value, ",", &rest); id != NULL; id = strtok_r(NULL, ",", &rest))
        if (!built_in_add(field, id))
            usage_error(state, "--%s: unknown check '%s' (see 'proctor list checks')", option->name,
                        id);
}

/* "ID CHECK", two words of the command line. */
static void read_replay(struct argp_state *state, const struct command_option *option, char *value,
                        void *field)
{
    struct grade_class_options *class = field;
    if (state->next >= state->argc || state->argv[state->next][0] == '-')
        usage_error(state, "--%s: '%s' lacks its check; use --replay ID CHECK", option->name,
                    value);
    class->replayed_id = value;
    class->replayed_check = state->argv[state->next++];
}

static const char *const endings[] = {ENDS_WHEN_FIRST, ENDS_WHEN_LAST, ENDS_WHEN_ENTER};

static const char *const expectations[] = {
    [EXPECT_BLOCKED] = "blocked", [EXPECT_SERVED] = "served"};

#define FIELD(member) OPTION_FIELD(struct grade_arguments, member)

static const struct command_option table[] = {
    {"jobs", OPTION_COUNT, GROUP_CLASS, "N",
     "Submissions to grade at a time (default: twice as many as processors)", FIELD(class.jobs),
     .least = 1, .most = 1000},
    {"output", OPTION_TEXT, GROUP_CLASS, "DIR",
     "Folder for documents and gradebooks (default: none)", FIELD(class.folder)},
    {"format", OPTION_CUSTOM, GROUP_CLASS, "NAME",
     "Also write this gradebook ('proctor list formats'); may be repeated", FIELD(class),
     .read = read_format, .listed = "formats"},
    {"record", OPTION_FLAG, GROUP_CLASS, NULL,
     "Also record each grading in --output: clients, threads, who waits for whom, and packets",
     FIELD(class.records)},
    {"resume", OPTION_FLAG, GROUP_CLASS, NULL, "Keep what an earlier run has left in --output",
     FIELD(class.resumes)},
    {"replay", OPTION_CUSTOM, GROUP_CLASS, "ID CHECK",
     "Play one check of one submission again, as --output has it, and show all that was seen",
     FIELD(class), .read = read_replay},
    {"seed", OPTION_TEXT, GROUP_CLASS, "TEXT",
     "Draw the same words and numbers as the grading whose document has this seed (default: new "
     "ones)",
     FIELD(class.seed)},
    {"participants", OPTION_TEXT, GROUP_CLASS, "FILE",
     "Participants of the Moodle course, as Moodle exports them (CSV)", FIELD(class.participants)},
    {"check", OPTION_FLAG, GROUP_CLASS, NULL,
     "Check the assignment: the submissions are right solutions and must get full marks, an empty "
     "one none",
     FIELD(class.checks_assignment)},
    {"expect", OPTION_WORD, GROUP_SECOND_CLIENT, "WHAT",
     "blocked or served: what must become of the second client (default: either)",
     FIELD(built_in.assignment.conduct.second_client), .words = expectations,
     .least = EXPECT_BLOCKED, .most = EXPECT_SERVED},
    {"farewell", OPTION_TEXT, GROUP_SECOND_CLIENT, "TEXT",
     "What the first client says before it closes (default: a line 'fin'); '' for nothing",
     FIELD(built_in.assignment.conduct.farewell)},
    {"only", OPTION_CUSTOM, GROUP_CHECKS, "ID[,ID]...",
     "Play only these, and what they need ('proctor list checks')", FIELD(built_in),
     .read = read_checks, .listed = "checks"},
    {"protocol", OPTION_CUSTOM, GROUP_CHECKS, "WHAT",
     "What the server does with a line: echo (default), prefix:TEXT, or sink (prints it)",
     FIELD(built_in.assignment.conduct.protocol), .read = read_protocol},
    {"dialect", OPTION_OLD_NAME, GROUP_CHECKS, "protocol", .help = NULL},
    {"stop-word", OPTION_TEXT, GROUP_CHECKS, "WORD", "Line that ends a client's session",
     FIELD(built_in.assignment.conduct.stop_word)},
    {"model", OPTION_CHOICE, GROUP_CHECKS, "MODEL", "Concurrency model that it must have",
     FIELD(built_in.assignment.conduct.model), .words = model_names, .most = MODEL_UNKNOWN - 1},
    {"ends-when", OPTION_CHOICE, GROUP_CHECKS, "WHEN",
     "When it must end by itself: first-client, last-client or enter",
     FIELD(built_in.assignment.conduct.ends_when), .words = endings, .most = 2},
    {0},
};

/* The assignment, then submissions, or a command after "--". */
static void take_argument(struct argp_state *state, char *value, void *options)
{
    struct grade_arguments *arguments = options;
    struct grade_class_options *class = &arguments->class;
    if (class->assignment == NULL)
        class->assignment = value;
    else if (!has_file(arguments) || strcmp(state->argv[state->next - 2], "--") == 0)
        submission_options_take_command(state, value, &arguments->submission);
    else
        class->submissions[class->submission_count++] = value;
}

/* Refuses options that this kind of grading would ignore. */
static void check_owners(const struct argp_state *state, const struct grade_arguments *arguments)
{
    static const char *const owners[GROUPS] = {
        [GROUP_SECOND_CLIENT] = BUILT_IN_SECOND_CLIENT,
        [GROUP_CHECKS] = BUILT_IN_CHECKS,
        [GROUP_CLASS] = "an assignment",
    };
    const char *grading = has_file(arguments) ? owners[GROUP_CLASS] : arguments->class.assignment;
    for (int group = GROUP_NONE; group < GROUPS; group++) {
        const char *option = options_given_of(state, group);
        if (option != NULL && owners[group] != NULL && strcmp(owners[group], grading) != 0)
            usage_error(state, "--%s is for %s only", option, owners[group]);
    }
}

static void check(const struct argp_state *state, void *options)
{
    const struct grade_arguments *arguments = options;
    const struct grade_class_options *class = &arguments->class;
    bool has_command = arguments->submission.arena.command != NULL;
    if (class->assignment == NULL)
        usage_error(state, "missing ASSIGNMENT (see 'proctor list assignments')");
    if (class->submission_count == 0 && !has_command)
        usage_error(state, "missing SUBMISSION: give its path, or its command after --");
    check_owners(state, arguments);
    if (class->submission_count > 0 && has_command)
        usage_error(state, "'%s': cannot grade submissions and a command at once; leave one out",
                    class->submissions[0]);
    if (has_command && (class->replayed_id != NULL || class->checks_assignment))
        usage_error(state, "--%s: needs submissions; give paths instead of a command",
                    class->replayed_id != NULL ? "replay" : "check");
    if (class->seed != NULL && class->replayed_id != NULL)
        usage_error(state, "--seed: --replay has the seed of the stored grade; leave one out");
    if (class->records && class->replayed_id != NULL)
        usage_error(state, "--record: --replay shows what it plays; leave one out");
    if (class->records && class->folder == NULL)
        usage_error(state, "--record: missing --output DIR, the folder of the recordings");
    if (class->resumes && class->folder == NULL)
        usage_error(state, "--resume: missing --output DIR, the folder of the class to resume");
}

const struct command_line grade_line = {
    .tables = {{submission_options, offsetof(struct grade_arguments, submission)}, {table, 0}},
    .arguments = "ASSIGNMENT SUBMISSION...\nASSIGNMENT -- COMMAND...\n"
                 "second-client|checks -- COMMAND...",
    .listed = "assignments",
    .flags = ARGP_IN_ORDER,
    .argument_count = SIZE_MAX,
    .take_argument = take_argument,
    .check = check,
    .most_used = {"expect", "format", "json", "language", "output", "protocol", "resume"},
    .help = "Grades submissions - folders, files, archives - by an assignment: one that ships, or "
            "a file. Or starts somebody else's server in a network of its own, plays clients, and "
            "says from the kernel's evidence what became of them. second-client: is a second "
            "client served while the first stays silent, and if not, once the first has left? "
            "checks: all that a server for several clients should do.\v"
            "Example:\n  proctor grade second-client --expect served -- python3 server.py",
};

/*** A built-in assignment ***/

static void report(const struct submission_options *submission, json_t *document)
{
    struct bytes text = {0};
    json_t *alone = json_pack("[O]", document);
    gradebook_render(&gradebook_text, alone, &text);
    submission_options_report(submission, &text, document);
    json_decref(alone);
}

static int grade_unmarked(struct grade_arguments *arguments)
{
    const struct submission_options *submission = &arguments->submission;
    struct assignment *assignment = &arguments->built_in.assignment;
    built_in_finish(&arguments->built_in, arguments->class.assignment);
    assignment->conduct.port = submission->port;
    assignment->without_io_uring = submission->limits.is_without_io_uring;
    const struct grading_plan plan = submission_options_plan(submission, assignment);
    json_t *document = NULL;
    struct arena_trouble trouble;
    int error = grading_run_unmarked(&plan, submission->arena.command, &document, &trouble);
    if (error < 0)
        submission_options_die(submission, "grade", &trouble, error);
    report(submission, document);
    submission_options_warn(submission, "grade", field_text(document, "isolation"));
    int code = grade_exit_code(field_text(document, "verdict"), submission->is_strict);
    json_decref(document);
    return code;
}

int grade_command(int argc, char **argv)
{
    struct grade_arguments arguments = {
        .built_in.assignment.conduct.farewell = "fin\n",
        .built_in.assignment.conduct.protocol.kind = PROTOCOL_ECHO,
        .class.submission = &arguments.submission,
        .class.submissions = allocate((size_t)argc, sizeof arguments.class.submissions[0]),
    };
    submission_options_init(&arguments.submission);
    options_parse(&grade_line, argc, argv, &arguments);
    language_set(arguments.submission.language);
    int code = has_file(&arguments) ? grade_class(&arguments.class) : grade_unmarked(&arguments);
    free(arguments.class.submissions);
    return code;
}
