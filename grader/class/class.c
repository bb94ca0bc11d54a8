#include "grader/class/class.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/arena/scratch.h"
#include "grader/arena/worker_end.h"
#include "grader/grading/marking.h"
#include "results/document/document.h"
#include "text/output_file.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct class {
    const struct class_plan *plan;
    json_t *documents; /* null where there is none yet */
    json_t *earlier; /* by submission, while it is graded: what an earlier run has left, or null */
    pid_t *workers;  /* by submission; 0: none */
    size_t next;     /* the first one that nobody has begun */
    size_t done;
    unsigned running;
    sigset_t signals; /* that are waited for: a worker's end, and those that end it all */
    struct class_outcome *outcome;
};

static char *path_of(const struct class *class, size_t number)
{
    return text_of("%s/grades/%s.json", class->plan->folder,
                   class->plan->submissions->submissions[number].id);
}

/*** Documents ***/

static const char *verdict_of(const json_t *document)
{
    const char *verdict = json_string_value(json_object_get(document, "verdict"));
    return verdict != NULL ? verdict : "error";
}

static bool is_of_assignment(const struct class *class, const json_t *document)
{
    const char *assignment = json_string_value(json_object_get(document, "assignment"));
    return assignment != NULL && strcmp(verdict_of(document), "error") != 0 &&
           strcmp(assignment, class->plan->grading.assignment->id) == 0;
}

/* Takes over the document. */
static void keep(struct class *class, size_t number, json_t *document)
{
    json_array_set_new(class->documents, number, document);
    class->done++;
    if (class->plan->progress != NULL)
        class->plan->progress(document, class->done, class->plan->submissions->count);
}

/* The one that an earlier run has left, or null. Whether it is of the same files the worker sees,
 * who takes them in. */
static json_t *load_earlier(const struct class *class, size_t number)
{
    char *path = path_of(class, number);
    json_t *document = class->plan->resumes ? json_load_file(path, 0, NULL) : NULL;
    free(path);
    if (document != NULL && is_of_assignment(class, document))
        return document;
    json_decref(document);
    return json_null();
}

static void note_earlier(struct class *class, size_t number, const json_t *document)
{
    const json_t *earlier = json_array_get(class->earlier, number);
    if (json_is_null(earlier))
        return;
    if (json_equal(earlier, document))
        class->outcome->taken_over++;
    else if (strcmp(verdict_of(document), "error") != 0)
        class->outcome->graded_again++;
    json_array_set_new(class->earlier, number, json_null());
}

static json_t *document_of_lost(const struct class *class, size_t number, int status)
{
    const struct marking marking = {.plan = &class->plan->grading,
                                    .id = class->plan->submissions->submissions[number].id};
    char *text = WIFSIGNALED(status)
                     ? text_of(_("its grader was ended by signal %d"), WTERMSIG(status))
                     : text_of(_("its grader ended with exit code %d"), WEXITSTATUS(status));
    json_t *document = marking_document_of_error(&marking, N_("grading"), text);
    free(text);
    return document;
}

/*** Workers ***/

static _Noreturn void work(struct class *class, size_t number)
{
    struct grading_plan plan = class->plan->grading;
    const struct submission_named *one = &class->plan->submissions->submissions[number];
    char *scratch = text_of("%s/%d", class->plan->scratch, (int)getpid());
    char *path = path_of(class, number);
    int error = scratch_make_folder(scratch, &limits_default, plan.isolation != ISOLATION_NONE,
                                    &plan.is_scratch_bounded);
    plan.scratch = scratch;
    plan.earlier = json_array_get(class->earlier, number);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* and its keeper with it, and all that is in its arena */
    if (error == 0) {
        json_t *document = grading_run(&plan, one->path, one->id);
        if (!json_equal(document, plan.earlier))
            error = document_write(document, path);
        json_decref(document);
        rmdir(scratch);
    }
    _exit(error < 0 ? -error : 0);
}

static int begin(struct class *class)
{
    size_t number = class->next++;
    json_array_set_new(class->earlier, number, load_earlier(class, number));
    pid_t worker = fork();
    if (worker < 0)
        return -errno;
    if (worker == 0)
        work(class, number);
    class->workers[number] = worker;
    class->running++;
    return 0;
}

/* What the worker has written. Where it was lost a document that says so is written instead, so
 * that there is one of everybody. 0 or -errno. */
static int take_document(struct class *class, size_t number, int status)
{
    char *path = path_of(class, number);
    bool is_done = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    json_t *document = is_done ? json_load_file(path, 0, NULL) : NULL;
    int error = 0;
    if (document == NULL) {
        document = document_of_lost(class, number, status);
        error = document_write(document, path);
    }
    free(path);
    note_earlier(class, number, document);
    keep(class, number, document);
    return error;
}

static int take_ended(struct class *class, pid_t worker, int status)
{
    size_t number = 0;
    while (number < class->next && class->workers[number] != worker)
        number++;
    if (number == class->next)
        return 0;
    class->workers[number] = 0;
    class->running--;
    return take_document(class, number, status);
}

/* Waits until a worker has ended, and takes what has; or until it is all to end. */
static int await_end(struct class *class)
{
    int number = sigwaitinfo(&class->signals, NULL);
    if (number > 0 && number != SIGCHLD) {
        class->outcome->signal = number;
        return -EINTR;
    }
    int status = 0;
    int error = 0;
    pid_t worker = 0;
    while (error == 0 && (worker = waitpid(-1, &status, WNOHANG)) > 0)
        error = take_ended(class, worker, status);
    return error;
}

static void end_workers(struct class *class)
{
    for (size_t i = 0; i < class->next; i++)
        if (class->workers[i] > 0)
            worker_end(class->workers[i]);
}

static int run_all(struct class *class)
{
    int error = 0;
    while (error == 0 && class->done < class->plan->submissions->count) {
        bool has_more = class->next < class->plan->submissions->count;
        error = has_more && class->running < class->plan->jobs ? begin(class) : await_end(class);
    }
    if (error < 0)
        end_workers(class);
    return error;
}

/*** Signals ***/

static const int endings[] = {SIGINT, SIGTERM, SIGHUP};

/* Who was started with nohup(1), or in the background of a script, is not to be ended so. */
static bool is_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static void choose_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGCHLD);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (!is_ignored(endings[i]))
            sigaddset(signals, endings[i]);
}

void class_hold_signals(sigset_t *before)
{
    sigset_t signals;
    signal(SIGCHLD, SIG_DFL); /* were it ignored, nobody could be waited for */
    choose_signals(&signals);
    sigprocmask(SIG_BLOCK, &signals, before);
}

/*** All of it ***/

static bool is_document(const char *name, const void *names)
{
    return json_object_get(names, name) != NULL;
}

/* What killed runs have left half written of the documents of this class. */
static void sweep(const struct class *class, const char *folder)
{
    json_t *names = json_object();
    for (size_t i = 0; i < class->plan->submissions->count; i++) {
        char *name = text_of("%s.json", class->plan->submissions->submissions[i].id);
        json_object_set_new(names, name, json_true());
        free(name);
    }
    output_file_sweep(folder, is_document, names);
    json_decref(names);
}

json_t *class_run(const struct class_plan *plan, struct class_outcome *outcome)
{
    struct class class = {
        .plan = plan, .documents = json_array(), .earlier = json_array(), .outcome = outcome};
    sigset_t before;
    *outcome = (struct class_outcome){0};
    class_hold_signals(&before);
    choose_signals(&class.signals);
    char *folder = text_of("%s/grades", plan->folder);
    class.workers = allocate(plan->submissions->count + 1, sizeof *class.workers);
    for (size_t i = 0; i < plan->submissions->count; i++) {
        json_array_append_new(class.documents, json_null());
        json_array_append_new(class.earlier, json_null());
    }
    outcome->error = mkdir(folder, 0755) < 0 && errno != EEXIST ? -errno : run_all(&class);
    sweep(&class, folder);
    free(folder);
    free(class.workers);
    json_decref(class.earlier);
    outcome->done = class.done;
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (outcome->error == 0)
        return class.documents;
    json_decref(class.documents);
    return NULL;
}
