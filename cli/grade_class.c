#include "cli/grade_class.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "base/message.h"
#include "cli/command.h"
#include "grader/assignment/find.h"
#include "grader/assignment/read.h"
#include "grader/class/class_document.h"
#include "grader/class/class_output.h"
#include "grader/class/class_run.h"
#include "grader/class/participants.h"
#include "grader/class/replay.h"
#include "grader/class/trial.h"
#include "grader/grading/assignment_check.h"
#include "results/document/document.h"
#include "text/json_field.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMMAND_ID "command" /* as its document calls it */

/*** Before ***/

static struct assignment *load(const char *name)
{
    char *nearest = NULL;
    char *path = assignment_find(name, &nearest);
    struct assignment *assignment = NULL;
    char *trouble = NULL;
    if (path == NULL && nearest != NULL)
        die(EXIT_USAGE, "grade: unknown assignment '%s'; did you mean '%s'?", name, nearest);
    if (path == NULL)
        die(EXIT_USAGE, "grade: unknown assignment '%s' (see 'proctor list assignments')", name);
    if (assignment_load(path, &assignment, &trouble) < 0)
        die(EXIT_USAGE, "grade: %s", trouble);
    free(path);
    return assignment;
}

/* The absolute path of --output, which the caller frees; NULL without one. */
static char *make_folder(const char *folder)
{
    if (folder == NULL)
        return NULL;
    command_make_folder(folder);
    char *absolute = realpath(folder, NULL);
    if (absolute == NULL)
        die(EXIT_PROCTOR_FAILED, "cannot make %s: %s", folder, strerror(errno));
    return absolute;
}

static _Noreturn void refuse(struct class_run *run, const char *before, const char *trouble)
{
    class_run_end(run);
    die(EXIT_USAGE, "grade: %s%s", before, trouble);
}

/* Appends an empty file to the solutions. */
static void add_empty_submission(struct grade_class_options *options, struct class_run *run,
                                 const struct assignment *assignment)
{
    char **path = &options->submissions[options->submission_count++];
    int error = trial_make_empty(assignment, run->scratch.folder, path);
    if (error < 0)
        class_run_end(run);
    command_check_written(error, *path);
}

/* Makes the temporary folder, which class_run_end() removes, and reads the submissions. */
static void begin(struct class_run *run, struct submission_list *list,
                  struct grade_class_options *options, const struct assignment *assignment)
{
    char *trouble = NULL;
    int error = class_run_begin(run);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "grade: cannot make a temporary folder: %s", strerror(-error));
    if (options->checks_assignment)
        add_empty_submission(options, run, assignment);
    if (submission_list_read(list, options->submissions, options->submission_count,
                             class_output_is_misleading, &trouble) < 0)
        refuse(run, "", trouble);
}

/*** Meanwhile ***/

struct progress {
    int64_t began_ns;
    bool is_showing; /* its line has no end yet */
};

/* Only on a terminal. */
static void show_progress(void *context, size_t done, size_t all)
{
    struct progress *progress = context;
    if (!isatty(STDERR_FILENO))
        return;
    double spent_s = (double)(clock_now_ns() - progress->began_ns) / 1e9;
    progress->is_showing = done < all;
    fputc('\r', stderr);
    fprintf(stderr, _("%zu of %zu graded, %.0f s left"), done, all,
            spent_s / (double)done * (double)(all - done));
    fputs(progress->is_showing ? "  " : "  \n", stderr);
}

/* So that the shell sees that it was a signal. */
static _Noreturn void end_by_signal(int number)
{
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    signal(number, SIG_DFL);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    abort(); /* not reached */
}

static _Noreturn void end_early(const struct class_plan *plan, const struct class_run *run)
{
    if (run->error != -EINTR)
        die(EXIT_PROCTOR_FAILED, "grade: %s", strerror(-run->error));
    bool is_replay = plan->grading.only_check != NULL;
    warn(is_replay              ? _("grade: stopped by SIG%s after %zu of %zu submissions")
         : plan->folder != NULL ? _("grade: stopped by SIG%s after %zu of %zu submissions; run it "
                                    "again with --resume to continue")
                                : _("grade: stopped by SIG%s after %zu of %zu submissions; without "
                                    "--output nothing was saved"),
         sigabbrev_np(run->signal), run->done, plan->submissions->count);
    end_by_signal(run->signal);
}

/* Grades and removes the temporary folder. Returns the array of documents, which the caller owns;
 * ends the program if that fails, and by the same signal if a signal stopped it. */
static json_t *grade_plan(struct class_run *run, struct class_plan *plan)
{
    struct progress progress = {.began_ns = clock_now_ns()};
    plan->progress = show_progress;
    plan->progress_context = &progress;
    json_t *grades = class_run_grade(run, plan);
    class_run_end(run);
    if (progress.is_showing)
        fputc('\n', stderr);
    if (grades == NULL)
        end_early(plan, run);
    if (plan->resumes)
        warn(_("grade: %zu grades reused, %zu regraded because the submission or the assignment "
               "changed"),
             run->taken_over, run->graded_again);
    return grades;
}

/*** Afterwards ***/

int grade_exit_code(const char *verdict, bool is_strict)
{
    if (strcmp(verdict, "error") == 0)
        return EXIT_PROCTOR_FAILED;
    if (strcmp(verdict, "pass") == 0)
        return EXIT_YES;
    if (strcmp(verdict, "inconclusive") == 0)
        return is_strict ? EXIT_INCONCLUSIVE : EXIT_YES;
    return EXIT_SUBJECT_FAILED;
}

/* The worst of all: an error of proctor, then a failure, then an inconclusive one. */
static int code_of_class(const json_t *grades, bool is_strict)
{
    int worst = EXIT_YES;
    size_t i = 0;
    json_t *grade = NULL;
    json_array_foreach (grades, i, grade) {
        int code = grade_exit_code(field_text(grade, "verdict"), is_strict);
        if (code == EXIT_PROCTOR_FAILED)
            return code;
        if (code == EXIT_SUBJECT_FAILED || worst == EXIT_YES)
            worst = code;
    }
    return worst;
}

/* Writes and prints all results; `folder` is absolute, or NULL. */
static void report(const struct grade_class_options *options, const struct assignment *assignment,
                   const char *folder, const json_t *grades)
{
    const struct class_output output = {
        .folder = folder, .formats = options->formats, .format_count = options->format_count};
    json_t *class = class_describe(assignment, language_name(), grades);
    char *path = NULL;
    int error = folder != NULL ? class_output_write(&output, grades, class, &path) : 0;
    command_check_written(error, path);
    struct bytes text = {0};
    class_output_say(&output, grades, class, &text);
    submission_options_report(options->submission, &text,
                              json_array_size(grades) > 1 ? class : json_array_get(grades, 0));
    json_decref(class);
}

/*** All of it ***/

/* Grades submissions; documents go to `folder`, unless it is NULL. */
static json_t *grade_list(struct grade_class_options *options, const struct grading_plan *grading,
                          const char *folder)
{
    struct class_run run;
    struct submission_list list;
    begin(&run, &list, options, grading->assignment);
    struct class_plan plan = {
        .grading = *grading,
        .submissions = &list,
        .folder = folder,
        .jobs = options->jobs,
        .records = options->records,
        .resumes = options->resumes,
    };
    json_t *grades = grade_plan(&run, &plan);
    submission_list_release(&list);
    if (options->checks_assignment)
        free(options->submissions[--options->submission_count]); /* the empty one */
    return grades;
}

/* Of several programs it can be one only, and what each row of a matrix asks for besides, such as a
 * model, it need not be. */
static bool try_reference(const struct grading_plan *grading, struct bytes *text)
{
    const struct assignment *assignment = grading->assignment;
    if (assignment->reference == NULL || assignment->rows_count > 0 ||
        assignment->programs.list_count > 0)
        return true;
    json_t *document = grading_run_reference(grading);
    bool is_right = document != NULL && trial_judge_reference(assignment, document, text);
    json_decref(document);
    return is_right;
}

/* The same of a command, which is a class of its own. */
static json_t *grade_one_command(const struct grade_class_options *options,
                                 const struct grading_plan *grading, const char *folder)
{
    struct grading_plan plan = *grading;
    char *grades = folder != NULL ? text_of("%s/grades", folder) : NULL;
    char *path = folder != NULL ? text_of("%s/" COMMAND_ID ".json", grades) : NULL;
    char *recording =
        options->records ? text_of("%s/" COMMAND_ID CLASS_RECORDING_ENDING, grades) : NULL;
    if (grades != NULL)
        command_make_folder(grades);
    plan.recording = recording;
    json_t *document = grading_run(&plan, NULL, options->submission->arena.command, COMMAND_ID);
    if (path != NULL)
        command_check_written(document_write(document, path), path);
    free(recording);
    free(path);
    free(grades);
    return json_pack("[o]", document);
}

static int grade_all(struct grade_class_options *options, const struct grading_plan *grading)
{
    struct participants *participants = NULL;
    char *trouble = NULL;
    if (options->participants != NULL &&
        participants_load(options->participants, &participants, &trouble) < 0)
        die(EXIT_USAGE, "grade: --participants: %s", trouble);
    char *folder = make_folder(options->folder);
    json_t *grades = options->submission->arena.command != NULL
                         ? grade_one_command(options, grading, folder)
                         : grade_list(options, grading, folder);
    if (participants != NULL)
        participants_assign(participants, grades);
    int code = EXIT_YES;
    if (options->checks_assignment) {
        struct bytes text = {0};
        bool is_right = trial_judge(grading->assignment, grades, &text);
        is_right = try_reference(grading, &text) && is_right;
        code = is_right ? EXIT_YES : EXIT_SUBJECT_FAILED;
        command_print(&text, stdout);
    } else {
        report(options, grading->assignment, folder, grades);
        code = code_of_class(grades, options->submission->is_strict);
    }
    participants_free(participants);
    free(folder);
    json_decref(grades);
    return code;
}

static int replay_one(struct grade_class_options *options, const struct grading_plan *grading)
{
    struct class_run run;
    struct submission_list list;
    struct replay replay;
    char *trouble = NULL;
    begin(&run, &list, options, grading->assignment);
    if (replay_open(&replay, grading, &list, options->folder, options->replayed_id,
                    options->replayed_check, &trouble) < 0)
        refuse(&run, "--replay: ", trouble);
    json_t *grades = grade_plan(&run, &replay.plan);
    json_t *document = json_array_get(grades, 0);
    int code = grade_exit_code(replay_verdict(&replay, document), options->submission->is_strict);
    struct bytes text = {0};
    replay_say(&replay, document, &text);
    submission_options_report(options->submission, &text, document);
    json_decref(grades);
    replay_close(&replay);
    submission_list_release(&list);
    return code;
}

int grade_class(struct grade_class_options *options)
{
    struct assignment *assignment = load(options->assignment);
    struct grading_plan grading = submission_options_plan(options->submission, assignment);
    grading.seed = options->seed;
    int code =
        options->replayed_id != NULL ? replay_one(options, &grading) : grade_all(options, &grading);
    assignment_free(assignment);
    return code;
}
