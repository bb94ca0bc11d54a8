#include "grader/grading/grading.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/arena/arena_open.h"
#include "grader/grading/marking.h"
#include "grader/intake/submission.h"
#include "grader/play/await.h"
#include "grader/play/evidence.h"
#include "text/json_field.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*** How it is run ***/

#define PROGRAM "./submission.out"

/* By the suffix of the entry, where the assignment does not say. */
static const struct rule {
    const char *suffix;
    const char *build;
    const char *run;
} rules[] = {
    {".py", NULL, "python3 {entry}"},
    {".c", "cc -std=gnu17 -O1 -g -pthread -o " PROGRAM " {entry} -lm", PROGRAM},
    {".cc", "c++ -O1 -g -pthread -o " PROGRAM " {entry}", PROGRAM},
    {".cpp", "c++ -O1 -g -pthread -o " PROGRAM " {entry}", PROGRAM},
    {".rs", "rustc -O -o " PROGRAM " {entry}", PROGRAM},
    {".java", NULL, "java {entry}"},
    {".js", NULL, "node {entry}"},
    {".sh", NULL, "sh {entry}"},
    {"", NULL, "{entry}"},
};

static const struct rule *rule_of(const char *entry)
{
    const struct rule *rule = rules;
    const char *suffix = entry != NULL ? strrchr(entry, '.') : NULL;
    while (rule->suffix[0] != '\0' && (suffix == NULL || strcmp(suffix, rule->suffix) != 0))
        rule++;
    return rule;
}

/* Passed as shell parameters, as names of files may contain anything. */
static const struct {
    const char *placeholder;
    const char *parameter;
} parameters[] = {{"{entry}", "\"$1\""}, {"{dir}", "\"$2\""}, {"{port}", "$3"}};

#define PARAMETERS (sizeof parameters / sizeof parameters[0])

/* The line with shell parameters in place of the placeholders; to be freed. */
static char *shell_line(const char *before, const char *line)
{
    struct bytes shell = {0};
    bytes_append(&shell, before, strlen(before));
    while (*line != '\0') {
        size_t i = 0;
        while (i < PARAMETERS &&
               strncmp(line, parameters[i].placeholder, strlen(parameters[i].placeholder)) != 0)
            i++;
        if (i == PARAMETERS) {
            bytes_append(&shell, line++, 1);
            continue;
        }
        bytes_append(&shell, parameters[i].parameter, strlen(parameters[i].parameter));
        line += strlen(parameters[i].placeholder);
    }
    return bytes_take_text(&shell);
}

#define WORDS 8

/* A command that runs the line in a shell; free_command(). */
static void make_command(char *words[WORDS], const char *before, const char *line,
                         const struct submission *submission, char *port)
{
    /* With "./", so that no tool takes a name like '-o' or '@file' for an option. */
    bool has_entry = submission->entry != NULL;
    char *entry = text_of("%s%s", has_entry ? "./" : "", has_entry ? submission->entry : "");
    char *const all[WORDS] = {"sh", "-c", shell_line(before, line), "sh", entry, submission->folder,
                              port, NULL};
    memcpy(words, all, sizeof all);
}

static void free_command(char *words[WORDS])
{
    free(words[2]);
    free(words[4]);
}

/*** Building ***/

/* Runs a command to its end. An outcome or -errno; status and output are in encounter->arena. No
 * patience ends it, but its limits; or that it waits for something that cannot come. */
static int build(struct encounter *encounter, const struct marking *marking, char *const *command,
                 struct arena_trouble *trouble)
{
    *encounter = (struct encounter){.patience_ns = NEVER_NS / 4};
    const struct arena_plan plan = {
        .command = command,
        .limits = &marking->limits,
        .isolation = marking->plan->isolation,
        .end_ns = marking->series.stage.arena.end_ns,
        .may_write = true,
        .watches_folder = !marking->plan->is_scratch_bounded,
    };
    int error = arena_open(&encounter->arena, &plan, trouble);
    return error < 0 ? error : await_deed(encounter, encounter_is_over);
}

/* NULL if it is built, or there is nothing to build; otherwise the document that says why not. */
static json_t *build_submission(struct marking *marking, const struct submission *submission,
                                char *port)
{
    const char *line = marking->plan->assignment->build;
    if (line == NULL && marking->plan->assignment->run == NULL)
        line = rule_of(submission->entry)->build;
    if (line == NULL)
        return NULL;
    char *command[WORDS];
    make_command(command, "", line, submission, port);
    struct encounter encounter;
    struct arena_trouble trouble = {.what = N_("building")};
    json_t *document = NULL;
    int outcome = build(&encounter, marking, command, &trouble);
    if (outcome < 0) {
        document = marking_document_of_error(marking, trouble.what, strerror(-outcome));
    } else {
        int status = encounter.arena.wait_status;
        bool is_built = encounter.arena.has_ended && WIFEXITED(status) &&
                        WEXITSTATUS(status) == 0 && encounter.arena.limit == LIMIT_NONE;
        json_t *evidence = json_array();
        evidence_end_of_build(evidence, &encounter);
        if (!is_built)
            document = marking_document_of_failure(marking, GRADING_BUILD, _("it cannot be built"),
                                                   evidence);
        json_decref(evidence);
        encounter_release(&encounter);
    }
    free_command(command);
    return document;
}

/*** Playing ***/

/* 0 or -errno. */
static int play_checks(struct marking *marking, char *const *command, json_t **document,
                       struct arena_trouble *trouble)
{
    struct check_result results[SERIES_CHECKS_MAX];
    struct stage_run run = {0};
    marking->series.stage.arena.command = command;
    int count = series_run(&marking->series, results, &run);
    *trouble = run.trouble;
    int least = marking->plan->assignment->isolation;
    if (count >= 0 && least != ISOLATION_BEST && (int)run.isolation > least)
        *document = marking_document_of_error(
            marking, N_("isolating the submission"),
            _("the assignment requires stronger isolation than this machine can provide"));
    else if (count >= 0)
        *document = marking_document(marking, results, (size_t)count, &run);
    for (int i = 0; i < count; i++)
        check_result_release(&results[i]);
    return count < 0 ? count : 0;
}

static json_t *play(struct marking *marking, char *const *command)
{
    json_t *document = NULL;
    struct arena_trouble trouble;
    int error = play_checks(marking, command, &document, &trouble);
    return error < 0 ? marking_document_of_error(marking, trouble.what, strerror(-error))
                     : document;
}

static json_t *build_and_play(struct marking *marking, const struct submission *submission)
{
    const struct assignment *assignment = marking->plan->assignment;
    char port[16];
    snprintf(port, sizeof port, "%u", assignment->conduct.port);
    if (chdir(submission->folder) < 0)
        return marking_document_of_error(marking, N_("entering its folder"), strerror(errno));
    json_t *document = build_submission(marking, submission, port);
    if (document != NULL)
        return document;
    char *command[WORDS];
    make_command(command, "exec ",
                 assignment->run != NULL ? assignment->run : rule_of(submission->entry)->run,
                 submission, port);
    document = play(marking, command);
    free_command(command);
    return document;
}

/*** All of it ***/

/* Is the document about the same files and the same assignment? */
static bool is_of_same(const json_t *document, const struct assignment *assignment,
                       const char *digest)
{
    return field_is_word(document, "assignment_sha256", assignment->digest) &&
           field_is_word(json_object_get(document, "submission"), "sha256", digest);
}

static json_t *refuse(const struct marking *marking, const char *trouble)
{
    json_t *evidence = json_array();
    evidence_note(evidence, "%s", trouble);
    json_t *document =
        marking_document_of_failure(marking, GRADING_TAKE_IN, _("it cannot be taken in"), evidence);
    json_decref(evidence);
    return document;
}

static json_t *take_in(struct marking *marking, const char *path)
{
    const struct assignment *assignment = marking->plan->assignment;
    char **patterns = assignment_list(assignment->entry, assignment->entry_count);
    struct submission submission;
    char *trouble = NULL;
    int error = submission_open(&submission, path, assignment->entry_count > 0 ? patterns : NULL,
                                marking->plan->scratch, &trouble);
    free(patterns);
    bool is_known = error >= 0 && is_of_same(marking->plan->earlier, assignment, submission.digest);
    json_t *document =
        is_known    ? json_deep_copy(marking->plan->earlier)
        : error > 0 ? refuse(marking, trouble)
        : error < 0 ? marking_document_of_error(marking, N_("taking it in"), strerror(-error))
                    : build_and_play(marking, &submission);
    free(trouble);
    json_t *described = json_object_get(document, "submission");
    if (error >= 0)
        json_object_set_new(described, "sha256", json_string(submission.digest));
    if (error >= 0 && json_array_size(submission.done) > 0)
        json_object_set(described, "taken_in", submission.done);
    if (chdir("/") < 0 || submission_release(&submission) < 0)
        fprintf(stderr, "proctor grade: %s: its copy could not be removed\n", marking->id);
    return document;
}

json_t *grading_run(const struct grading_plan *plan, const char *path, char *const *command,
                    const char *id)
{
    struct marking marking;
    if (marking_init(&marking, plan, id) < 0)
        return marking_document_of_error(&marking, N_("reading the assignment"),
                                         _("it has too many checks"));
    return command != NULL ? play(&marking, command) : take_in(&marking, path);
}

int grading_run_unmarked(const struct grading_plan *plan, char *const *command, json_t **document,
                         struct arena_trouble *trouble)
{
    struct marking marking;
    int error = marking_init(&marking, plan, NULL);
    return error < 0 ? error : play_checks(&marking, command, document, trouble);
}
