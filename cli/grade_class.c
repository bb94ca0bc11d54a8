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

/*** Before ***/

static struct assignment *load(const char *name)
{
    char *nearest = NULL;
    char *path = assignment_find(name, &nearest);
    struct assignment *assignment = NULL;
    char *trouble = NULL;
    if (path == NULL)
        die(EXIT_USAGE,
            "grade: there is no assignment '%s'%s%s%s; 'proctor list assignments' names "
            "those that ship",
            name, nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
            nearest != NULL ? "'?" : "");
    if (assignment_load(path, &assignment, &trouble) < 0)
        die(EXIT_USAGE, "grade: %s", trouble);
    free(path);
    return assignment;
}

/* The folder for all that is written, absolute; the caller frees. NULL: none is asked for. */
static char *make_folder(const char *folder)
{
    if (folder == NULL)
        return NULL;
    int error = document_make_folder(folder);
    char *absolute = error == 0 ? realpath(folder, NULL) : NULL;
    if (absolute == NULL)
        die(EXIT_PROCTOR_FAILED, "grade: cannot make the folder %s: %s", folder,
            strerror(error < 0 ? -error : errno));
    return absolute;
}

/* Before the grading, which takes long. NULL: none are named. */
static struct participants *load_participants(const char *path)
{
    struct participants *participants = NULL;
    char *trouble = NULL;
    if (path != NULL && participants_load(path, &participants, &trouble) < 0)
        die(EXIT_USAGE, "grade: --participants: %s", trouble);
    return participants;
}

static void begin(struct class_run *run)
{
    int error = class_run_begin(run);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "grade: cannot make a temporary folder: %s", strerror(-error));
}

static _Noreturn void refuse(struct class_run *run, const char *before, const char *trouble)
{
    class_run_end(run);
    die(EXIT_USAGE, "grade: %s%s", before, trouble);
}

/* An empty file, behind the solutions. */
static void add_empty_submission(struct grade_class_options *options, struct class_run *run,
                                 const struct assignment *assignment)
{
    char **paths = allocate(options->submission_count + 1, sizeof *paths);
    memcpy(paths, options->submissions, options->submission_count * sizeof *paths);
    char **path = &paths[options->submission_count++];
    int error = trial_make_empty(assignment, run->scratch.folder, path);
    if (error < 0) {
        class_run_end(run);
        die(EXIT_PROCTOR_FAILED, "grade: cannot write %s: %s", *path, strerror(-error));
    }
    options->submissions = paths;
}

static void read_list(struct submission_list *list, struct class_run *run,
                      const struct grade_class_options *options)
{
    char *trouble = NULL;
    if (submission_list_read(list, options->submissions, options->submission_count, &trouble) < 0)
        refuse(run, "", trouble);
}

/*** Meanwhile ***/

struct progress {
    int64_t began_ns;
    bool is_showing; /* on a line that has not ended yet */
};

/* On a terminal only: results go elsewhere. */
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
    abort(); /* it has not ended us */
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

/* The array of documents, which the caller owns. If it fails, or somebody ends it, the program
 * ends, with nothing temporary left; by a signal if it was one. */
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

static void print(struct bytes *text)
{
    fwrite(bytes_front(text), 1, text->length, stdout);
    bytes_release(text);
}

static int code_of(const char *verdict, bool is_strict)
{
    if (strcmp(verdict, "error") == 0)
        return EXIT_PROCTOR_FAILED;
    if (strcmp(verdict, "pass") == 0)
        return EXIT_YES;
    if (strcmp(verdict, "inconclusive") == 0)
        return is_strict ? EXIT_INCONCLUSIVE : EXIT_YES;
    return EXIT_SUBJECT_FAILED;
}

/* Of all: a grade that proctor could not give outweighs what has failed, and that what could not be
 * decided. */
static int code_of_class(const json_t *grades, bool is_strict)
{
    int worst = EXIT_YES;
    size_t i = 0;
    json_t *grade = NULL;
    json_array_foreach (grades, i, grade) {
        int code = code_of(field_text(grade, "verdict"), is_strict);
        if (code == EXIT_PROCTOR_FAILED)
            return code;
        if (code == EXIT_SUBJECT_FAILED || worst == EXIT_YES)
            worst = code;
    }
    return worst;
}

/* `folder` is absolute. */
static void report(const struct grade_class_options *options,
                   const struct submission_options *submission, const struct assignment *assignment,
                   const char *folder, const json_t *grades)
{
    const struct class_output output = {
        .folder = folder, .formats = options->formats, .format_count = options->format_count};
    json_t *class = class_describe(assignment, options->language, grades);
    char *path = NULL;
    int error = folder != NULL ? class_output_write(&output, grades, class, &path) : 0;
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "grade: cannot write %s: %s", path, strerror(-error));
    if (submission_options_prints_text(submission)) {
        struct bytes text = {0};
        class_output_say(&output, grades, class, &text);
        print(&text);
    }
    const json_t *document = json_array_size(grades) > 1 ? class : json_array_get(grades, 0);
    command_write_document(json_incref((json_t *)document), submission->json_path);
    json_decref(class);
}

/*** All of it ***/

/* `folder` is for all that stays, or NULL. */
static json_t *grade_list(struct grade_class_options *options, const struct grading_plan *grading,
                          const char *folder)
{
    struct class_run run;
    struct submission_list list;
    begin(&run);
    if (options->checks_assignment)
        add_empty_submission(options, &run, grading->assignment);
    read_list(&list, &run, options);
    struct class_plan plan = {
        .grading = *grading,
        .submissions = &list,
        .folder = folder,
        .jobs = options->jobs,
        .resumes = options->resumes,
    };
    json_t *grades = grade_plan(&run, &plan);
    submission_list_release(&list);
    return grades;
}

static int grade_all(struct grade_class_options *options,
                     const struct submission_options *submission,
                     const struct grading_plan *grading)
{
    struct participants *participants = load_participants(options->participants);
    char *folder = make_folder(options->folder);
    json_t *grades =
        submission->arena.command != NULL
            ? json_pack("[o]", grading_run(grading, NULL, submission->arena.command, "command"))
            : grade_list(options, grading, folder);
    if (participants != NULL)
        participants_assign(participants, grades);
    int code = EXIT_YES;
    if (options->checks_assignment) {
        struct bytes text = {0};
        code = trial_judge(grades, &text) ? EXIT_YES : EXIT_SUBJECT_FAILED;
        print(&text);
    } else {
        report(options, submission, grading->assignment, folder, grades);
        code = code_of_class(grades, submission->is_strict);
    }
    participants_free(participants);
    free(folder);
    json_decref(grades);
    return code;
}

static int replay_one(const struct grade_class_options *options,
                      const struct submission_options *submission,
                      const struct grading_plan *grading)
{
    struct class_run run;
    struct submission_list list;
    struct replay replay;
    char *trouble = NULL;
    begin(&run);
    read_list(&list, &run, options);
    if (replay_open(&replay, grading, &list, options->folder, options->replayed_id,
                    options->replayed_check, &trouble) < 0)
        refuse(&run, "--replay: ", trouble);
    json_t *grades = grade_plan(&run, &replay.plan);
    json_t *document = json_array_get(grades, 0);
    int code = code_of(replay_verdict(&replay, document), submission->is_strict);
    if (submission_options_prints_text(submission)) {
        struct bytes text = {0};
        replay_say(&replay, document, &text);
        print(&text);
    }
    command_write_document(json_incref(document), submission->json_path);
    json_decref(grades);
    replay_close(&replay);
    submission_list_release(&list);
    return code;
}

int grade_class(struct grade_class_options *options, const struct submission_options *submission)
{
    struct assignment *assignment = load(options->assignment);
    if (options->checks_assignment && options->submission_count == 0)
        die(EXIT_USAGE, "grade --check: which solution?");
    const struct grading_plan grading = {
        .assignment = assignment,
        .language = options->language,
        .isolation = submission->arena.isolation,
        .patience_ns = submission->patience_ns,
    };
    int code = options->replayed_id != NULL ? replay_one(options, submission, &grading)
                                            : grade_all(options, submission, &grading);
    assignment_free(assignment);
    return code;
}
