#include "grader/class/class_run.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/arena/limit_group.h"
#include "grader/arena/worker_end.h"
#include "grader/grading/marking.h"
#include "grader/intake/submission_list.h"
#include "results/document/document.h"
#include "text/json_field.h"
#include "text/output_file.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct class {
    const struct class_plan *plan;
    struct class_run *run;
    const char *folder; /* of the documents */
    json_t *documents;  /* null where there is none yet */
    struct worker {
        pid_t pid; /* 0: none */
        int64_t deadline_ns;
        json_t *earlier; /* while it works: what an earlier run has left, or NULL */
    } * workers;         /* by submission */
    size_t next;         /* the first one that nobody has begun */
    size_t *under_way;   /* the numbers of the submissions that are graded now */
    unsigned running;    /* how many these are */
    unsigned jobs;
};

static const char *id_of(const struct class *class, size_t number)
{
    return class->plan->submissions->submissions[number].id;
}

static char *path_of(const struct class *class, size_t number)
{
    return text_of("%s/%s.json", class->folder, id_of(class, number));
}

/* Of a worker that we have ended; no status of waitpid(2). */
#define STATUS_OVERDUE (-1)

/* To end thousands of processes takes a minute, and as long for a keeper that does not answer. */
#define GRACE_NS (180 * NS_PER_S)

/*** Documents ***/

/* A document without a verdict is no grade either. */
static bool is_error(const json_t *document)
{
    return field_text(document, "verdict") == NULL || field_is_word(document, "verdict", "error");
}

/* Takes over the document. */
static void keep(struct class *class, size_t number, json_t *document)
{
    json_array_set_new(class->documents, number, document);
    class->run->done++;
    if (class->plan->progress != NULL)
        class->plan->progress(class->plan->progress_context, class->run->done,
                              class->plan->submissions->count);
}

/* The document that an earlier run has left, or NULL. Whether the files are the same is seen by the
 * worker, which takes them in. */
static json_t *load_earlier(const struct class *class, size_t number)
{
    char *path = path_of(class, number);
    json_t *document = class->plan->resumes ? json_load_file(path, 0, NULL) : NULL;
    free(path);
    if (document != NULL && !is_error(document) &&
        field_is_word(document, "assignment", class->plan->grading.assignment->id))
        return document;
    json_decref(document);
    return NULL;
}

static void note_earlier(struct class *class, struct worker *worker, const json_t *document)
{
    if (worker->earlier == NULL)
        return;
    if (json_equal(worker->earlier, document))
        class->run->taken_over++;
    else if (!is_error(document))
        class->run->graded_again++;
    json_decref(worker->earlier);
    worker->earlier = NULL;
}

/* How the worker was lost, to be freed. */
static char *way_of_loss(int status)
{
    if (status == STATUS_OVERDUE)
        return text_of(_("its grader did not end when its time was over, and was killed"));
    return WIFSIGNALED(status)
               ? text_of(_("its grader was killed by signal %d"), WTERMSIG(status))
               : text_of(_("its grader ended with exit code %d"), WEXITSTATUS(status));
}

static json_t *document_of_lost(const struct class *class, size_t number, int status)
{
    const struct marking marking = {.plan = &class->plan->grading,
                                    .id = class->plan->submissions->submissions[number].id};
    char *text = way_of_loss(status);
    json_t *document = marking_document_of_error(&marking, N_("grading"), text);
    free(text);
    return document;
}

/*** Workers ***/

/* Its keeper ends with the worker, and all that is in its arena. */
static void end_with(pid_t grader)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != grader) /* it has died before */
        _exit(EOWNERDEAD);
}

static _Noreturn void work(struct class *class, size_t number, pid_t grader)
{
    struct grading_plan plan = class->plan->grading;
    const struct submission_named *one = &class->plan->submissions->submissions[number];
    char *scratch = text_of("%s/%d", class->run->scratch.folder, (int)getpid());
    char *path = path_of(class, number);
    end_with(grader);
    int error = scratch_make_folder(scratch, &limits_default, plan.isolation != ISOLATION_NONE,
                                    &plan.is_scratch_bounded);
    plan.scratch = scratch;
    plan.earlier = class->workers[number].earlier;
    if (class->plan->records)
        plan.recording = text_of("%s/%s" CLASS_RECORDING_ENDING, class->folder, one->id);
    end_with(grader); /* a change of namespaces may have undone it */
    if (error == 0) {
        json_t *document = grading_run(&plan, one->path, NULL, one->id);
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
    struct worker *worker = &class->workers[number];
    worker->earlier = load_earlier(class, number);
    worker->deadline_ns = clock_now_ns() + marking_time_ns(class->plan->grading.assignment) +
                          (class->plan->grace_ns > 0 ? class->plan->grace_ns : GRACE_NS);
    pid_t self = getpid();
    worker->pid = fork();
    if (worker->pid < 0)
        return -errno;
    if (worker->pid == 0)
        work(class, number, self);
    class->under_way[class->running++] = number;
    return 0;
}

/* Takes what the worker has written. If there is nothing, a document that says so is written
 * instead, so that every submission has one. 0 or -errno. */
static int take_document(struct class *class, size_t number, int status)
{
    char *path = path_of(class, number);
    bool is_done = status != STATUS_OVERDUE && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    json_t *document = is_done ? json_load_file(path, 0, NULL) : NULL;
    int error = 0;
    if (document == NULL) {
        document = document_of_lost(class, number, status);
        error = document_write(document, path);
    }
    free(path);
    note_earlier(class, &class->workers[number], document);
    keep(class, number, document);
    return error;
}

static int take_ended(struct class *class, pid_t pid, int status)
{
    unsigned at = 0;
    while (at < class->running && class->workers[class->under_way[at]].pid != pid)
        at++;
    if (at == class->running)
        return 0;
    size_t number = class->under_way[at];
    class->workers[number].pid = 0;
    class->under_way[at] = class->under_way[--class->running];
    return take_document(class, number, status);
}

/* Every worker keeps its own time. This is for one that hangs where no deadline of its own reaches:
 * stopped, or in a call that does not return. */
static int end_overdue(struct class *class)
{
    int error = 0;
    for (unsigned i = 0; i < class->running && error == 0;) {
        const struct worker *worker = &class->workers[class->under_way[i]];
        if (worker->deadline_ns > clock_now_ns()) {
            i++;
            continue;
        }
        worker_end(worker->pid);
        error = take_ended(class, worker->pid, STATUS_OVERDUE); /* the last one is now the i-th */
    }
    return error;
}

static int64_t first_deadline_ns(const struct class *class)
{
    int64_t first_ns = NEVER_NS;
    for (unsigned i = 0; i < class->running; i++) {
        int64_t deadline_ns = class->workers[class->under_way[i]].deadline_ns;
        first_ns = deadline_ns < first_ns ? deadline_ns : first_ns;
    }
    return first_ns;
}

/* Waits until a worker has ended, or should have, and takes its document; or until a signal ends it
 * all. */
static int await_end(struct class *class)
{
    int64_t left_ns = first_deadline_ns(class) - clock_now_ns();
    const struct timespec patience = {.tv_sec = left_ns > 0 ? left_ns / NS_PER_S + 1 : 0};
    int number = sigtimedwait(&class->run->signals, NULL, &patience);
    if (number > 0 && number != SIGCHLD) {
        class->run->signal = number;
        return -EINTR;
    }
    int status = 0;
    int error = 0;
    pid_t pid = 0;
    while (error == 0 && (pid = waitpid(-1, &status, WNOHANG)) > 0)
        error = take_ended(class, pid, status);
    return error < 0 ? error : end_overdue(class);
}

static void end_workers(struct class *class)
{
    for (unsigned i = 0; i < class->running; i++)
        worker_end(class->workers[class->under_way[i]].pid);
}

static int run_all(struct class *class)
{
    int error = 0;
    while (error == 0 && class->run->done < class->plan->submissions->count) {
        bool has_more = class->next < class->plan->submissions->count;
        error = has_more && class->running < class->jobs ? begin(class) : await_end(class);
    }
    if (error < 0)
        end_workers(class);
    return error;
}

/*** All of it ***/

static bool is_document(const char *name, const void *names)
{
    return json_object_get(names, name) != NULL;
}

/* Removes half-written documents of this class that killed runs have left. */
static void sweep(const struct class *class)
{
    json_t *names = json_object();
    for (size_t i = 0; i < class->plan->submissions->count; i++) {
        static const char *const endings[] = {".json", CLASS_RECORDING_ENDING};
        for (size_t ending = 0; ending < 2; ending++) {
            char *name = text_of("%s%s", id_of(class, i), endings[ending]);
            json_object_set_new(names, name, json_true());
            free(name);
        }
    }
    output_file_sweep(class->folder, is_document, names);
    json_decref(names);
}

/* A grading waits as long as it works. */
static unsigned usual_jobs(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors > 0 ? 2 * (unsigned)processors : 2;
}

json_t *class_run_grade(struct class_run *run, const struct class_plan *plan)
{
    size_t count = plan->submissions->count;
    char *folder = text_of("%s/grades", plan->folder != NULL ? plan->folder : run->scratch.folder);
    struct class class = {
        .plan = plan,
        .run = run,
        .folder = folder,
        .documents = json_array(),
        .workers = allocate(count + 1, sizeof *class.workers),
        .jobs = plan->jobs > 0 ? plan->jobs : usual_jobs(),
    };
    class.under_way = allocate(class.jobs, sizeof *class.under_way);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(class.documents, json_null());
    run->error = mkdir(folder, 0755) < 0 && errno != EEXIST ? -errno : run_all(&class);
    sweep(&class);
    for (size_t i = 0; i < count; i++)
        json_decref(class.workers[i].earlier);
    free(class.workers);
    free(class.under_way);
    free(folder);
    if (run->error == 0)
        return class.documents;
    json_decref(class.documents);
    return NULL;
}

/*** Around it ***/

static const int endings[] = {SIGINT, SIGTERM, SIGHUP};

/* As under nohup(1) or in the background of a script: then it must not end us. */
static bool is_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int class_run_begin(struct class_run *run)
{
    *run = (struct class_run){0};
    signal(SIGCHLD, SIG_DFL); /* if it were ignored, no child could be waited for */
    sigemptyset(&run->signals);
    sigaddset(&run->signals, SIGCHLD);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (!is_ignored(endings[i]))
            sigaddset(&run->signals, endings[i]);
    sigprocmask(SIG_BLOCK, &run->signals, &run->before);
    return scratch_open(&run->scratch);
}

void class_run_end(struct class_run *run)
{
    scratch_close(&run->scratch);
    limit_group_sweep();
    if (run->signal == 0)
        sigprocmask(SIG_SETMASK, &run->before, NULL);
}
