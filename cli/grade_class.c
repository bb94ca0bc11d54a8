#include "cli/grade_class.h"

#include "base/language.h"
#include "base/memory.h"
#include "base/message.h"
#include "cli/command.h"
#include "cli/grade_replay.h"
#include "cli/grade_run.h"
#include "grader/assignment/find.h"
#include "grader/assignment/read.h"
#include "grader/class/class.h"
#include "grader/class/class_page.h"
#include "grader/class/participants.h"
#include "grader/gradebook/gradebook.h"
#include "grader/grading/assignment_check.h"
#include "results/document/document.h"
#include "text/output_file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*** Before ***/

static struct assignment *load(const char *name)
{
    const char *nearest = NULL;
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

/* The folder for all that is written, absolute; the caller frees. */
static char *make_folder(const char *folder)
{
    char absolute[PATH_MAX];
    int error = document_make_folder(folder);
    if (error < 0 || realpath(folder, absolute) == NULL)
        die(EXIT_PROCTOR_FAILED, "grade: cannot make the folder %s: %s", folder,
            strerror(error < 0 ? -error : errno));
    return text_of("%s", absolute);
}

/*** Afterwards ***/

static int write_bytes(FILE *stream, const void *content)
{
    const struct bytes *bytes = content;
    return fwrite(bytes_front(bytes), 1, bytes->length, stream) == bytes->length ? 0 : -1;
}

static void write_file(const char *path, const struct bytes *content)
{
    int error = output_file_write(path, write_bytes, content);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "grade: cannot write %s: %s", path, strerror(-error));
}

static const char *id_of(const json_t *grade)
{
    return json_string_value(json_object_get(json_object_get(grade, "submission"), "id"));
}

/* Where the file of all submissions goes, or of one: "grades/alice.gradescope.json". */
static void write_rendering(const char *folder, const char *id, const struct gradebook *format,
                            const json_t *grades)
{
    struct bytes rendering = {0};
    format->render(grades, &rendering);
    const char *suffix = strrchr(format->file, '.') != NULL ? strrchr(format->file, '.') : ".txt";
    bool says_format = strcmp(suffix + 1, format->name) == 0;
    char *path = id == NULL ? text_of("%s/%s", folder, format->file)
                            : text_of("%s/grades/%s%s%s%s", folder, id, says_format ? "" : ".",
                                      says_format ? "" : format->name, suffix);
    if (rendering.length > 0)
        write_file(path, &rendering);
    free(path);
    bytes_release(&rendering);
}

static void write_each(const char *folder, const struct gradebook *format, const json_t *grades)
{
    size_t i = 0;
    json_t *grade = NULL;
    json_array_foreach (grades, i, grade) {
        json_t *alone = json_pack("[O]", grade);
        write_rendering(folder, id_of(grade), format, alone);
        json_decref(alone);
    }
}

static void write_class_page(const char *folder, const json_t *class)
{
    struct bytes page = {0};
    char *path = text_of("%s/class.html", folder);
    class_page(class, &page);
    write_file(path, &page);
    free(path);
    bytes_release(&page);
}

static void write_format(const char *folder, const struct gradebook *format, const json_t *grades)
{
    if (format->takes_many)
        write_rendering(folder, NULL, format, grades);
    else
        write_each(folder, format, grades);
    if (format->beside != NULL)
        write_format(folder, format->beside, grades);
}

static void write_all(const struct grade_class_options *options, const char *folder,
                      const json_t *grades, const json_t *class)
{
    for (size_t i = 0; i < options->format_count; i++) {
        if (options->formats[i] == &gradebook_html)
            write_class_page(folder, class);
        write_format(folder, options->formats[i], grades);
    }
}

/* Of one submission: as text, or as whatever is asked for. */
static void print_one(const struct grade_class_options *options, const json_t *grades)
{
    struct bytes text = {0};
    const struct gradebook *format = options->format_count > 0 && options->folder == NULL
                                         ? options->formats[0]
                                         : &gradebook_text;
    format->render(grades, &text);
    fwrite(bytes_front(&text), 1, text.length, stdout);
    bytes_release(&text);
}

static bool has_verdict(const json_t *grade, const char *verdict)
{
    const char *found = json_string_value(json_object_get(grade, "verdict"));
    return found != NULL && strcmp(found, verdict) == 0;
}

static int exit_code_of(const json_t *grades, bool is_strict)
{
    int code = EXIT_YES;
    size_t i = 0;
    json_t *grade = NULL;
    json_array_foreach (grades, i, grade) {
        if (has_verdict(grade, "error"))
            return EXIT_PROCTOR_FAILED;
        if (has_verdict(grade, "fail") || has_verdict(grade, "partial"))
            code = EXIT_SUBJECT_FAILED;
        if (has_verdict(grade, "inconclusive") && is_strict && code == EXIT_YES)
            code = EXIT_INCONCLUSIVE;
    }
    return code;
}

static void report(const struct grade_class_options *options,
                   const struct submission_options *submission, const struct assignment *assignment,
                   const char *folder, const json_t *grades)
{
    bool is_class = options->submission_count > 1;
    json_t *class = class_describe(assignment, options->language, grades);
    if (options->folder != NULL) {
        char *path = text_of("%s/class.json", folder);
        command_write_document(json_incref(class), path);
        free(path);
        write_all(options, folder, grades, class);
    }
    if (submission_options_prints_text(submission) && is_class)
        class_print(stdout, class);
    if (submission_options_prints_text(submission) && !is_class)
        print_one(options, grades);
    json_t *document = is_class ? json_incref(class) : json_incref(json_array_get(grades, 0));
    command_write_document(document, submission->json_path);
    json_decref(class);
}

/*** An assignment that is checked itself ***/

/* The name of an entry that fits: a pattern without wildcards, or one made from the first. */
static char *empty_entry_name(const struct assignment *assignment)
{
    for (unsigned i = 0; i < assignment->entry_count; i++)
        if (strpbrk(assignment->entry[i], "*?[/") == NULL)
            return text_of("%s", assignment->entry[i]);
    const char *suffix = assignment->entry_count > 0 ? strrchr(assignment->entry[0], '.') : NULL;
    return text_of("empty%s", suffix != NULL ? suffix : "");
}

/* An empty file, behind the solutions. */
static void add_empty_submission(struct grade_class_options *options,
                                 const struct assignment *assignment, const char *folder)
{
    char **paths = allocate(options->submission_count + 1, sizeof *paths);
    char *name = empty_entry_name(assignment);
    char *path = text_of("%s/%s", folder, name);
    write_file(path, &(struct bytes){0});
    memcpy(paths, options->submissions, options->submission_count * sizeof *paths);
    paths[options->submission_count++] = path;
    options->submissions = paths;
    free(name);
}

static int judge_assignment(const json_t *grades)
{
    int code = EXIT_YES;
    size_t last = json_array_size(grades) - 1;
    for (size_t i = 0; i <= last; i++) {
        const json_t *grade = json_array_get(grades, i);
        double points = json_number_value(json_object_get(grade, "points"));
        double most = json_number_value(json_object_get(grade, "max_points"));
        bool is_right = i < last ? has_verdict(grade, "pass") : points == 0;
        bool is_solution = i < last;
        printf(is_solution && is_right ? _("the solution %s: %g of %g points, as it must be")
               : is_solution ? _("the solution %s: %g of %g points, but it must get them all")
               : is_right    ? _("an empty file, %s: %g of %g points, as it must be")
                             : _("an empty file, %s: %g of %g points, but it must get none"),
               id_of(grade), points, most);
        putchar('\n');
        if (!is_right)
            code = EXIT_SUBJECT_FAILED;
    }
    return code;
}

/*** All of it ***/

/* Before the grading, which takes long. NULL: none are named. */
static struct participants *load_participants(const struct grade_class_options *options)
{
    struct participants *participants = NULL;
    char *trouble = NULL;
    if (options->participants != NULL &&
        participants_load(options->participants, &participants, &trouble) < 0)
        die(EXIT_USAGE, "grade: --participants: %s", trouble);
    return participants;
}

static unsigned jobs_of(const struct grade_class_options *options)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return options->jobs > 0 ? options->jobs : (unsigned)(processors > 0 ? processors : 1);
}

/* `folder` is for all that stays, or NULL. */
static json_t *grade_list(struct grade_class_options *options, const struct grading_plan *grading,
                          const char *folder)
{
    struct grade_run run;
    struct submission_list list;
    char *trouble = NULL;
    grade_run_begin(&run);
    if (options->checks_assignment)
        add_empty_submission(options, grading->assignment, run.scratch.folder);
    if (submission_list_read(&list, options->submissions, options->submission_count, &trouble) <
        0) {
        grade_run_end(&run);
        die(EXIT_USAGE, "grade: %s", trouble);
    }
    const struct class_plan plan = {
        .grading = *grading,
        .submissions = &list,
        .folder = folder != NULL ? folder : run.scratch.folder,
        .scratch = run.scratch.folder,
        .jobs = jobs_of(options),
        .resumes = options->resumes,
    };
    json_t *grades = grade_run_play(&run, &plan);
    grade_run_end(&run);
    submission_list_release(&list);
    return grades;
}

static int grade_all(struct grade_class_options *options,
                     const struct submission_options *submission,
                     const struct grading_plan *grading)
{
    struct participants *participants = load_participants(options);
    char *folder = options->folder != NULL ? make_folder(options->folder) : NULL;
    json_t *grades =
        submission->arena.command != NULL
            ? json_pack("[o]", grading_run_command(grading, submission->arena.command, "command"))
            : grade_list(options, grading, folder);
    if (participants != NULL)
        participants_assign(participants, grades);
    if (!options->checks_assignment)
        report(options, submission, grading->assignment, folder, grades);
    int code = options->checks_assignment ? judge_assignment(grades)
                                          : exit_code_of(grades, submission->is_strict);
    participants_free(participants);
    free(folder);
    json_decref(grades);
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
    int code = options->replayed_id != NULL ? grade_replay(options, submission, &grading)
                                            : grade_all(options, submission, &grading);
    assignment_free(assignment);
    return code;
}
