/* proctor grade: submissions by an assignment from a file, or a command by one that is built in. */
#include "cli/commands.h"
#include "cli/grade_class.h"
#include "cli/submission_options.h"

#include "base/language.h"
#include "base/memory.h"
#include "base/message.h"
#include "grader/gradebook/gradebooks.h"
#include "grader/grading/built_in.h"
#include "grader/grading/grading.h"
#include "grader/identify/models.h"
#include "grader/play/protocol.h"
#include "grader/play/verdict.h"

#include <stdlib.h>
#include <string.h>

/* In the order of what they belong to (owner_of()). */
enum option_key {
    OPTION_EXPECT = 'e' + 256,
    OPTION_FAREWELL,
    OPTION_ONLY,
    OPTION_PROTOCOL,
    OPTION_STOP_WORD,
    OPTION_MODEL,
    OPTION_ENDS_WHEN,
    OPTION_JOBS,
    OPTION_OUTPUT,
    OPTION_FORMAT,
    OPTION_RESUME,
    OPTION_REPLAY,
    OPTION_PARTICIPANTS,
    OPTION_CHECK,
    OPTION_RENAMED,
    OPTION_END,
};

struct grade_arguments {
    char *assignment;
    struct built_in built_in; /* where it is none of a file */
    struct grade_class_options class;
    char **paths; /* of submissions */
    struct submission_options submission;
    bool is_given[OPTION_END - OPTION_EXPECT];
};

static const struct argp_option options[] = {
    {"expect", OPTION_EXPECT, "WHAT", 0,
     "blocked or served: what must become of the second client; without it, either will do", 0},
    {"farewell", OPTION_FAREWELL, "TEXT", 0,
     "What the first client says before it closes (default: a line 'fin'); '' for nothing", 0},
    {"jobs", OPTION_JOBS, "N", 0,
     "an assignment: how many submissions at a time (default: as many as processors)", 0},
    {"output", OPTION_OUTPUT, "DIR", 0,
     "an assignment: where documents and gradebooks go (default: nowhere)", 0},
    {"format", OPTION_FORMAT, "NAME", 0,
     "an assignment: also as this gradebook ('proctor list formats'); may be repeated", 0},
    {"resume", OPTION_RESUME, NULL, 0,
     "an assignment: take what an earlier run has left in --output", 0},
    {"replay", OPTION_REPLAY, "ID CHECK", 0,
     "an assignment: play one check of one submission again, as --output has it, and show all that "
     "was seen",
     0},
    {"participants", OPTION_PARTICIPANTS, "FILE", 0,
     "an assignment: the participants of the Moodle course, as Moodle exports them (CSV)", 0},
    {"check", OPTION_CHECK, NULL, 0,
     "Check the assignment: the submissions are right solutions and must get full marks, an empty "
     "one none",
     0},
    {"only", OPTION_ONLY, "ID[,ID]...", 0,
     "checks: only these, and what they need ('proctor list checks' names them)", 0},
    {"protocol", OPTION_PROTOCOL, "WHAT", 0,
     "checks: what the server does with a line: echo (default), prefix:TEXT, or sink (prints it)",
     0},
    {"dialect", OPTION_RENAMED, "WHAT", OPTION_HIDDEN, NULL, 0},
    {"stop-word", OPTION_STOP_WORD, "WORD", 0, "checks: the line that ends a client's session", 0},
    {"model", OPTION_MODEL, "MODEL", 0, "checks: the concurrency model that it must have", 0},
    {"ends-when", OPTION_ENDS_WHEN, "WHEN", 0,
     "checks: when it must end by itself: first-client, last-client or enter", 0},
    {0},
};

static enum expectation parse_expectation(const char *value, const struct argp_state *state)
{
    if (strcmp(value, "blocked") == 0)
        return EXPECT_BLOCKED;
    if (strcmp(value, "served") == 0)
        return EXPECT_SERVED;
    usage_error(state, "--expect: '%s' is neither blocked nor served", value);
}

static char *parse_ends_when(char *value, const struct argp_state *state)
{
    if (strcmp(value, ENDS_WHEN_FIRST) != 0 && strcmp(value, ENDS_WHEN_LAST) != 0 &&
        strcmp(value, ENDS_WHEN_ENTER) != 0)
        usage_error(state, "--ends-when: '%s' is none of first-client, last-client, enter", value);
    return value;
}

static char *parse_model(char *value, const struct argp_state *state)
{
    if (model_find(value) == MODEL_UNKNOWN)
        usage_error(state, "--model: there is no model '%s'; 'proctor list models' names them",
                    value);
    return value;
}

static bool has_file(const struct grade_arguments *arguments)
{
    return !built_in_is_called(arguments->assignment);
}

/* The first is the assignment. After it come submissions, or after "--" a command. */
static void take_argument(struct grade_arguments *arguments, char *value, struct argp_state *state)
{
    if (arguments->assignment == NULL) {
        arguments->assignment = value;
        return;
    }
    bool is_command = strcmp(state->argv[state->next - 2], "--") == 0;
    if (!has_file(arguments) || is_command) {
        submission_options_take_command(&arguments->submission, state);
        return;
    }
    if (arguments->paths == NULL)
        arguments->paths = allocate((size_t)state->argc, sizeof *arguments->paths);
    arguments->paths[arguments->class.submission_count++] = value;
    arguments->class.submissions = arguments->paths;
}

static void add_format(struct grade_class_options *class, const char *value,
                       const struct argp_state *state)
{
    const struct gradebook *format = gradebook_find(value);
    if (format == NULL)
        usage_error(state,
                    "--format: there is no gradebook '%s'; 'proctor list formats' names them",
                    value);
    if (class->format_count < GRADE_FORMATS_MAX)
        class->formats[class->format_count++] = format;
}

/* Reads "this-check,that-check". */
static void select_checks(struct built_in *built_in, char *value, const struct argp_state *state)
{
    char *rest = NULL;
    for (char *id = strtok_r(value, ",", &rest); id != NULL; id = strtok_r(NULL, ",", &rest))
        if (!built_in_add(built_in, id))
            usage_error(state, "--only: there is no check '%s'; 'proctor list checks' names them",
                        id);
}

/* The grading that the option belongs to: a word of the command line, or any assignment. */
static const char *owner_of(int key)
{
    return key <= OPTION_FAREWELL    ? BUILT_IN_SECOND_CLIENT
           : key <= OPTION_ENDS_WHEN ? BUILT_IN_CHECKS
                                     : "an assignment";
}

/* What would be left unheard is refused. */
static void check_together(const struct grade_arguments *arguments, const struct argp_state *state)
{
    const struct grade_class_options *class = &arguments->class;
    const char *grading = has_file(arguments) ? owner_of(OPTION_OUTPUT) : arguments->assignment;
    for (const struct argp_option *option = options; option->name != NULL; option++)
        if (arguments->is_given[option->key - OPTION_EXPECT] &&
            strcmp(owner_of(option->key), grading) != 0)
            usage_error(state, "--%s is for %s only", option->name, owner_of(option->key));
    if (class->submission_count > 0 && arguments->submission.arena.command != NULL)
        usage_error(state, "'%s': either submissions are graded, or a command after --",
                    class->submissions[0]);
    if (class->resumes && class->folder == NULL)
        usage_error(state, "--resume: of which class? --output names its folder");
}

/* The words after it are its two: argp gives the first, and lets us take the second. */
static void take_replay(struct grade_class_options *class, const char *id, struct argp_state *state)
{
    if (state->next >= state->argc || state->argv[state->next][0] == '-')
        usage_error(state, "--replay: which check of '%s'?", id);
    class->replayed_id = id;
    class->replayed_check = state->argv[state->next++];
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct grade_arguments *arguments = state->input;
    struct conduct *conduct = &arguments->built_in.assignment.conduct;
    if (key >= OPTION_EXPECT && key < OPTION_END)
        arguments->is_given[key - OPTION_EXPECT] = true;
    switch (key) {
    case OPTION_JOBS:
        arguments->class.jobs = (unsigned)option_count(state, "jobs", value, 1, 1000);
        return 0;
    case OPTION_OUTPUT:
        arguments->class.folder = value;
        return 0;
    case OPTION_FORMAT:
        add_format(&arguments->class, value, state);
        return 0;
    case OPTION_RESUME:
        arguments->class.resumes = true;
        return 0;
    case OPTION_REPLAY:
        take_replay(&arguments->class, value, state);
        return 0;
    case OPTION_CHECK:
        arguments->class.checks_assignment = true;
        return 0;
    case OPTION_PARTICIPANTS:
        arguments->class.participants = value;
        return 0;
    case OPTION_EXPECT:
        conduct->second_client = parse_expectation(value, state);
        return 0;
    case OPTION_FAREWELL:
        conduct->farewell = value;
        return 0;
    case OPTION_ONLY:
        select_checks(&arguments->built_in, value, state);
        return 0;
    case OPTION_PROTOCOL:
        if (play_protocol_parse(&conduct->protocol, value) < 0)
            usage_error(state, "--protocol: '%s' is none of echo, prefix:TEXT, sink", value);
        return 0;
    case OPTION_RENAMED:
        usage_error(state, "--dialect is called --protocol now");
    case OPTION_STOP_WORD:
        conduct->stop_word = value;
        return 0;
    case OPTION_MODEL:
        conduct->model = parse_model(value, state);
        return 0;
    case OPTION_ENDS_WHEN:
        conduct->ends_when = parse_ends_when(value, state);
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->submission;
        return 0;
    case ARGP_KEY_ARG:
        take_argument(arguments, value, state);
        return 0;
    case ARGP_KEY_END:
        if (arguments->assignment == NULL)
            usage_error(state, "which assignment? 'proctor list assignments' names them");
        if (arguments->class.submission_count == 0 && arguments->submission.arena.command == NULL)
            usage_error(state, "which submission? give its path, or its command after --");
        if (arguments->class.replayed_id != NULL && arguments->class.submission_count == 0)
            usage_error(state, "--replay: of which submissions of an assignment?");
        check_together(arguments, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&submission_options_parser, 0, NULL, 0}, {0}};

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .children = children,
    .args_doc =
        "ASSIGNMENT SUBMISSION...\nASSIGNMENT -- COMMAND...\nsecond-client|checks -- COMMAND...",
    .doc = "Grades submissions - folders, files, archives - by an assignment: one that ships, or a "
           "file. Or starts somebody else's server in a network of its own, plays clients, and "
           "says from "
           "the kernel's evidence what became of them. second-client: is a second client served "
           "while the first stays silent, and if not, once the first has left? checks: all that a "
           "server for several clients should do.\v"
           "Example:\n  proctor grade second-client --expect served -- python3 server.py",
};

static int exit_code_of(const json_t *document, bool strict)
{
    enum verdict verdict = verdict_find(json_string_value(json_object_get(document, "verdict")));
    if (verdict == VERDICT_FAIL)
        return EXIT_SUBJECT_FAILED;
    return verdict == VERDICT_INCONCLUSIVE && strict ? EXIT_INCONCLUSIVE : EXIT_YES;
}

static void print(const json_t *document)
{
    struct bytes text = {0};
    json_t *alone = json_pack("[O]", document);
    gradebook_render(&gradebook_text, alone, &text);
    fwrite(bytes_front(&text), 1, text.length, stdout);
    json_decref(alone);
    bytes_release(&text);
}

static int grade_unmarked(struct grade_arguments *arguments)
{
    const struct submission_options *submission = &arguments->submission;
    struct assignment *assignment = &arguments->built_in.assignment;
    built_in_finish(&arguments->built_in, arguments->assignment);
    assignment->conduct.port = submission->port;
    assignment->without_io_uring = submission->limits.is_without_io_uring;
    const struct grading_plan plan = {
        .assignment = assignment,
        .language = language_name(),
        .isolation = submission->arena.isolation,
        .patience_ns = submission->patience_ns,
    };
    json_t *document = NULL;
    struct arena_trouble trouble;
    int error = grading_run_unmarked(&plan, submission->arena.command, &document, &trouble);
    if (error < 0)
        submission_options_die(submission, "grade", &trouble, error);
    if (submission_options_prints_text(submission))
        print(document);
    submission_options_warn(submission, "grade",
                            json_string_value(json_object_get(document, "isolation")));
    int code = exit_code_of(document, submission->is_strict);
    command_write_document(document, submission->json_path);
    return code;
}

int grade_command(int argc, char **argv)
{
    struct grade_arguments arguments = {.built_in.assignment.conduct.farewell = "fin\n"};
    submission_options_init(&arguments.submission);
    command_parse(&parser, argc, argv, ARGP_IN_ORDER, &arguments);
    submission_options_set_language(&arguments.submission);
    if (!has_file(&arguments))
        return grade_unmarked(&arguments);
    arguments.class.language = language_name();
    arguments.class.assignment = arguments.assignment;
    int code = grade_class(&arguments.class, &arguments.submission);
    free(arguments.paths);
    return code;
}
