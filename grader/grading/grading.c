#include "grader/grading/grading.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/arena/arena_open.h"
#include "grader/grading/build_rule.h"
#include "grader/grading/marking.h"
#include "grader/grading/material.h"
#include "grader/grading/shell_line.h"
#include "grader/intake/submission.h"
#include "grader/play/await.h"
#include "grader/play/evidence.h"
#include "text/json_field.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*** Its programs ***/

struct found {
    struct found_program programs[ASSIGNMENT_PROGRAMS_MAX];
    size_t count;
};

static void found_release(struct found *found)
{
    for (size_t i = 0; i < found->count; i++) {
        free(found->programs[i].entry);
        free(found->programs[i].out);
    }
    *found = (struct found){.count = 0};
}

static int find_program(struct found *found, const struct assigned_program *program,
                        const struct submission *submission, char **trouble)
{
    struct found_program *one = &found->programs[found->count++];
    *one = (struct found_program){.name = program->name,
                                  .out = text_of("./submission.%s.out", program->name)};
    if (program->entry_count == 0)
        return 0;
    char **patterns = assignment_list(program->entry, program->entry_count);
    int error = submission_find_entry(submission, patterns, &one->entry, trouble);
    free(patterns);
    return error;
}

/* 0; 1 with a sentence in `*trouble` if one is missing; or -errno. */
static int find_programs(struct found *found, const struct assignment *assignment,
                         const struct submission *submission, char **trouble)
{
    int error = 0;
    *found = (struct found){.count = 0};
    if (assignment->programs.list_count == 0)
        found->programs[found->count++] = (struct found_program){
            .entry = submission->entry != NULL ? text_of("%s", submission->entry) : NULL,
            .out = text_of("./submission.out")};
    for (unsigned i = 0; i < assignment->programs.list_count && error == 0; i++)
        error = find_program(found, &assignment->programs.list[i], submission, trouble);
    return error;
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

/* Rows may all say how it is run. */
static bool has_run(const struct assignment *assignment)
{
    unsigned rows = 0;
    for (unsigned i = 0; i < assignment->rows_count; i++)
        rows += assignment->rows[i].manner.run != NULL;
    return assignment->manner.run != NULL || (rows > 0 && rows == assignment->rows_count);
}

/* The lines that build it, or NULL. */
static const char *build_lines(const struct assignment *assignment,
                               const struct found_program *program)
{
    const struct assigned_program *assigned =
        program->name != NULL ? assigned_program_find(&assignment->programs, program->name) : NULL;
    const char *line = assigned != NULL ? assigned->build : assignment->build;
    bool says_run = assigned != NULL ? assigned->manner.run != NULL : has_run(assignment);
    return line == NULL && !says_run ? build_rule_of(program->entry)->build : line;
}

static char **build_command(const struct marking *marking, const struct found_program *program,
                            const char *folder)
{
    const struct assignment *assignment = marking->plan->assignment;
    const struct shell_values values = starts_values(&marking->starts, assignment, program, folder);
    const struct shell_line line = {.line = build_lines(assignment, program),
                                    .variables = assignment->manner.environment,
                                    .variable_count = assignment->manner.environment_count};
    return shell_command_new(&line, &values);
}

/* NULL if it is built, or there is nothing to build; otherwise the document that says why not. */
static json_t *build_program(struct marking *marking, const struct found_program *program,
                             const char *folder)
{
    if (build_lines(marking->plan->assignment, program) == NULL)
        return NULL;
    char **command = build_command(marking, program, folder);
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
    shell_command_free(command);
    return document;
}

static json_t *build_submission(struct marking *marking, const struct submission *submission,
                                const struct found *found)
{
    const struct assignment *assignment = marking->plan->assignment;
    const struct found_program whole = {.out = "./submission.out"};
    json_t *document = NULL;
    if (assignment->programs.list_count > 0 && assignment->build != NULL) /* of all together */
        document = build_program(marking, &whole, submission->folder);
    for (size_t i = 0; i < found->count && document == NULL; i++)
        document = build_program(marking, &found->programs[i], submission->folder);
    return document;
}

/*** Its folder ***/

static int renew_folder(const void *context)
{
    const struct marking *marking = context;
    const struct material *material = &marking->plan->assignment->material;
    return material_renew(marking->material, marking->folder, material->writable,
                          material->writable_count);
}

static char **list_writable(const struct material *material, const char *folder)
{
    char **list = allocate(material->writable_count + 1U, sizeof *list);
    for (unsigned i = 0; i < material->writable_count; i++)
        list[i] = text_of("%s/%s", folder, material->writable[i]);
    return list;
}

static struct material_origin origin_of(const struct marking *marking)
{
    return (struct material_origin){.beside = marking->plan->assignment->folder,
                                    .seed = marking->series.stage.seed,
                                    .scratch = marking->plan->scratch,
                                    .values = marking->series.stage.values};
}

/* Makes what the assignment gives the submission, and puts it into its folder. 0 or -errno. */
static int give_material(struct marking *marking, const struct submission *submission)
{
    const struct assignment *assignment = marking->plan->assignment;
    const struct material *material = &assignment->material;
    marking->folder = submission->folder;
    const struct material_origin origin = origin_of(marking);
    int error = material_make(material, &origin, &marking->material);
    if (error < 0)
        return error;
    bool may_write = material->writable_count > 0;
    if (may_write)
        marking->writable = list_writable(material, submission->folder);
    const struct start_folder folder = {
        .material = marking->material,
        .writable = marking->writable,
        .is_watched = may_write && !marking->plan->is_scratch_bounded,
        .renew = may_write ? renew_folder : NULL,
        .renew_context = marking,
    };
    starts_set_folder(&marking->starts, &folder);
    return renew_folder(marking);
}

/*** Playing ***/

/* 0 or -errno. */
static int play_checks(struct marking *marking, json_t **document, struct stage_run *run)
{
    struct check_result results[SERIES_CHECKS_MAX];
    int count = series_run(&marking->series, results, run);
    int least = marking->plan->assignment->isolation;
    if (count >= 0 && least != ISOLATION_BEST && (int)run->isolation > least)
        *document = marking_document_of_error(
            marking, N_("isolating the submission"),
            _("the assignment requires stronger isolation than this machine can provide"));
    else if (count >= 0)
        *document = marking_document(marking, results, (size_t)count, run);
    for (int i = 0; i < count; i++)
        check_result_release(&results[i]);
    return count < 0 ? count : 0;
}

static json_t *play(struct marking *marking)
{
    json_t *document = NULL;
    struct stage_run run = {0};
    int error =
        reference_setup_init(&marking->reference, marking->plan->assignment, &marking->starts,
                             &marking->series.stage, marking->plan->scratch);
    if (error < 0)
        return marking_document_of_error(marking, N_("making the assignment's own programs ready"),
                                         strerror(-error));
    marking->reference.stage.besides = marking->besides.list;
    marking->reference.stage.beside_count = marking->besides.count;
    starts_set_reference(&marking->starts,
                         marking->reference.command != NULL ? &marking->reference.stage : NULL,
                         marking->reference.hidden);
    error = play_checks(marking, &document, &run);
    if (error < 0 && run.text != NULL)
        document = marking_document_of_error(marking, N_("running the assignment's own programs"),
                                             run.text);
    else if (error < 0)
        document = marking_document_of_error(marking, run.trouble.what, strerror(-error));
    free(run.text);
    return document;
}

static json_t *build_and_play(struct marking *marking, const struct submission *submission,
                              const struct found *found)
{
    if (chdir(submission->folder) < 0)
        return marking_document_of_error(marking, N_("entering its folder"), strerror(errno));
    int error = give_material(marking, submission);
    if (error < 0)
        return marking_document_of_error(marking, N_("giving it the assignment's files"),
                                         strerror(-error));
    json_t *document = build_submission(marking, submission, found);
    if (document != NULL)
        return document;
    error = renew_folder(marking); /* whatever its build has made of it */
    if (error < 0)
        return marking_document_of_error(marking, N_("giving it the assignment's files"),
                                         strerror(-error));
    const struct material_origin origin = origin_of(marking);
    error =
        beside_setup_init(&marking->besides, marking->plan->assignment, &marking->starts, &origin);
    if (error < 0)
        return marking_document_of_error(marking, N_("making the assignment's own programs ready"),
                                         strerror(-error));
    starts_set_besides(&marking->starts, marking->besides.list, marking->besides.count);
    starts_make_commands(&marking->starts, marking->plan->assignment, found->programs, found->count,
                         submission->folder);
    return play(marking);
}

static json_t *play_command(struct marking *marking, char *const *command)
{
    marking->series.stage.arena.command = command;
    starts_set_command(&marking->starts, command);
    return play(marking);
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
    struct found found = {.count = 0};
    bool is_open = error == 0;
    if (is_open)
        error = find_programs(&found, assignment, &submission, &trouble);
    bool is_known = error >= 0 && is_of_same(marking->plan->earlier, assignment, submission.digest);
    if (!is_known && marking->plan->recording != NULL)
        unlink(marking->plan->recording); /* it would be another's if nothing is played now */
    json_t *document =
        is_known    ? json_deep_copy(marking->plan->earlier)
        : error > 0 ? refuse(marking, trouble)
        : error < 0 ? marking_document_of_error(marking, N_("taking it in"), strerror(-error))
                    : build_and_play(marking, &submission, &found);
    free(trouble);
    json_t *described = json_object_get(document, "submission");
    if (is_open || error >= 0)
        json_object_set_new(described, "sha256", json_string(submission.digest));
    if ((is_open || error >= 0) && json_array_size(submission.done) > 0)
        json_object_set(described, "taken_in", submission.done);
    found_release(&found);
    if (chdir("/") < 0 || submission_release(&submission) < 0)
        fprintf(stderr, "proctor grade: %s: its copy could not be removed\n", marking->id);
    return document;
}

json_t *grading_run(const struct grading_plan *plan, const char *path, char *const *command,
                    const char *id)
{
    struct marking marking;
    int error = marking_init(&marking, plan, id);
    json_t *document = error < 0 ? marking_document_of_error(&marking, N_("reading the assignment"),
                                                             _("it has too many checks"))
                       : command != NULL ? play_command(&marking, command)
                                         : take_in(&marking, path);
    marking_release(&marking);
    return document;
}

int grading_run_unmarked(const struct grading_plan *plan, char *const *command, json_t **document,
                         struct arena_trouble *trouble)
{
    struct marking marking;
    struct stage_run run = {0};
    int error = marking_init(&marking, plan, NULL);
    marking.series.stage.arena.command = command;
    starts_set_command(&marking.starts, command);
    if (error == 0)
        error = play_checks(&marking, document, &run);
    *trouble = run.trouble;
    marking_release(&marking);
    return error;
}

json_t *grading_run_reference(const struct grading_plan *plan)
{
    struct marking marking;
    struct reference_setup setup = {.folder = NULL};
    json_t *document = NULL;
    int before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int error = marking_init(&marking, plan, "reference");
    if (error == 0)
        error = reference_setup_init(&setup, plan->assignment, &marking.starts,
                                     &marking.series.stage, NULL);
    if (error == 0 && before >= 0 && chdir(setup.folder) == 0)
        document = play_command(&marking, setup.command);
    if (before >= 0 && (fchdir(before) < 0 || close(before) < 0))
        fprintf(stderr, "proctor grade: the working folder is gone\n");
    marking_release(&marking);
    reference_setup_release(&setup);
    return document;
}
