/* Whatever becomes of a worker of a class, the class goes on and says so. */
#include "grader/class/class_run.h"

#include "base/memory.h"
#include "grader/assignment/read.h"
#include "grader/grading/assignment_check.h"
#include "grader/intake/submission_list.h"
#include "grader/intake/tree_empty.h"
#include "observe/proc.h"
#include "text/json_field.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

/* Stops the first child that the main thread has. */
static void *stop_the_worker(void *nothing)
{
    char text[64];
    long child = 0;
    while (child == 0) {
        sched_yield();
        if (proc_read(text, sizeof text, "/proc/%d/task/%d/children", getpid(), getpid()) > 0)
            child = strtol(text, NULL, 10);
    }
    kill((pid_t)child, SIGSTOP);
    return nothing;
}

Test(class_run, ends_a_worker_that_hangs_and_gives_no_mark_for_it, .timeout = 100)
{
    char folder[] = "/tmp/class_run-XXXXXX";
    char *trouble = NULL;
    cr_assert_not_null(mkdtemp(folder));
    char *assignment_file = text_of("%s/one.yaml", folder);
    char *submission = text_of("%s/one.py", folder);
    write_file(submission, "raise SystemExit(1)\n");
    write_file(assignment_file, "title: {en: One}\nentry: [\"*.py\"]\npoints: 1\n"
                                "limits: {grading-s: 1}\n"
                                "checks:\n  - {check: starts-and-listens, points: 1}\n");
    struct assignment *assignment = NULL;
    cr_assert_eq(assignment_load(assignment_file, &assignment, &trouble), 0, "%s", trouble);
    struct submission_list list;
    cr_assert_eq(submission_list_read(&list, &submission, 1, NULL, &trouble), 0);

    struct class_run run;
    cr_assert_eq(class_run_begin(&run), 0);
    const struct class_plan plan = {
        .grading = {.assignment = assignment, .language = "en"},
        .submissions = &list,
        .grace_ns = 1,
        .jobs = 1,
    };
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, stop_the_worker, NULL), 0);
    json_t *documents = class_run_grade(&run, &plan);
    pthread_join(thread, NULL);
    class_run_end(&run);

    const json_t *document = json_array_get(documents, 0);
    cr_assert_not_null(document);
    cr_expect(field_is_word(document, "verdict", "error"));
    cr_expect(json_is_null(json_object_get(document, "points")));
    const char *text = field_text(json_object_get(document, "error"), "text");
    cr_expect(text != NULL && strstr(text, "did not end when its time was over") != NULL, "%s",
              text);
    json_decref(documents);
    submission_list_release(&list);
    assignment_free(assignment);
    cr_expect_eq(tree_remove(folder), 0);
    free(assignment_file);
    free(submission);
}
