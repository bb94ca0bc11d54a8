#include "grader/class.h"

#include "base/memory.h"
#include "grader/marking.h"
#include "grader/new_tree.h"
#include "results/document.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SCRATCH "scratch-"

struct class {
    const struct class_plan *plan;
    json_t *documents; /* null where there is none yet */
    pid_t *workers;    /* by submission; 0: none */
    size_t next;       /* the first one that nobody has begun */
    size_t done;
    unsigned running;
};

static char *path_of(const struct class *class, size_t number)
{
    return text_of("%s/grades/%s.json", class->plan->folder,
                   class->plan->submissions->submissions[number].id);
}

/*** Documents ***/

static bool is_of_assignment(const struct class *class, const json_t *document)
{
    const char *assignment = json_string_value(json_object_get(document, "assignment"));
    const char *verdict = json_string_value(json_object_get(document, "verdict"));
    return assignment != NULL && verdict != NULL && strcmp(verdict, "error") != 0 &&
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

/* The one that an earlier run has left, if it is to be taken. */
static bool take_earlier(struct class *class, size_t number)
{
    char *path = path_of(class, number);
    json_t *document = class->plan->resumes ? json_load_file(path, 0, NULL) : NULL;
    free(path);
    if (document != NULL && is_of_assignment(class, document)) {
        keep(class, number, document);
        return true;
    }
    json_decref(document);
    return false;
}

static json_t *document_of_lost(const struct class *class, size_t number, int status)
{
    const struct grading_plan *grading = &class->plan->grading;
    const struct marking marking = {.assignment = grading->assignment,
                                    .language = grading->language};
    char *text = WIFSIGNALED(status)
                     ? text_of("its grader was ended by signal %d", WTERMSIG(status))
                     : text_of("its grader ended with exit code %d", WEXITSTATUS(status));
    json_t *document = marking_document_of_error(
        &marking, class->plan->submissions->submissions[number].id, "grading", text);
    free(text);
    return document;
}

/*** Workers ***/

static _Noreturn void work(struct class *class, size_t number)
{
    struct grading_plan plan = class->plan->grading;
    const struct submission_named *one = &class->plan->submissions->submissions[number];
    char *scratch = text_of("%s/" SCRATCH "%d", class->plan->folder, (int)getpid());
    char *path = path_of(class, number);
    int error = mkdir(scratch, 0711) < 0 ? -errno : 0;
    plan.scratch = scratch;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* and its keeper with it, and all that is in its arena */
    if (error == 0) {
        json_t *document = grading_run(&plan, one->path, one->id);
        error = document_write(document, path);
        json_decref(document);
        rmdir(scratch);
    }
    _exit(error < 0 ? -error : 0);
}

static int begin(struct class *class)
{
    size_t number = class->next++;
    if (take_earlier(class, number))
        return 0;
    pid_t worker = fork();
    if (worker < 0)
        return -errno;
    if (worker == 0)
        work(class, number);
    class->workers[number] = worker;
    class->running++;
    return 0;
}

static int end(struct class *class)
{
    int status = 0;
    pid_t worker = waitpid(-1, &status, 0);
    size_t number = 0;
    if (worker < 0)
        return errno == EINTR ? 0 : -errno;
    while (number < class->next && class->workers[number] != worker)
        number++;
    if (number == class->next)
        return 0;
    class->workers[number] = 0;
    class->running--;
    char *path = path_of(class, number);
    bool is_done = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    json_t *document = is_done ? json_load_file(path, 0, NULL) : NULL;
    free(path);
    keep(class, number, document != NULL ? document : document_of_lost(class, number, status));
    return 0;
}

static int run_all(struct class *class)
{
    int error = 0;
    while (error == 0 && class->done < class->plan->submissions->count) {
        bool has_more = class->next < class->plan->submissions->count;
        error = has_more && class->running < class->plan->jobs ? begin(class) : end(class);
    }
    return error;
}

/* What a run has left that was killed. One folder is for one run at a time. */
static void sweep_scratch(const char *folder)
{
    DIR *entries = opendir(folder);
    for (struct dirent *entry = NULL; entries != NULL && (entry = readdir(entries)) != NULL;) {
        if (strncmp(entry->d_name, SCRATCH, strlen(SCRATCH)) != 0)
            continue;
        char *path = text_of("%s/%s", folder, entry->d_name);
        tree_remove(path);
        free(path);
    }
    if (entries != NULL)
        closedir(entries);
}

json_t *class_run(const struct class_plan *plan, int *error)
{
    struct class class = {.plan = plan, .documents = json_array()};
    char *folder = text_of("%s/grades", plan->folder);
    class.workers = allocate(plan->submissions->count + 1, sizeof *class.workers);
    for (size_t i = 0; i < plan->submissions->count; i++)
        json_array_append_new(class.documents, json_null());
    sweep_scratch(plan->folder);
    *error = mkdir(folder, 0755) < 0 && errno != EEXIST ? -errno : run_all(&class);
    sweep_scratch(plan->folder);
    free(folder);
    free(class.workers);
    if (*error == 0)
        return class.documents;
    json_decref(class.documents);
    return NULL;
}
