#include "cli/grade_run.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/message.h"
#include "grader/class/class.h"
#include "grader/intake/submission_list.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*** Before ***/

void grade_run_begin(struct grade_run *run)
{
    class_hold_signals(&run->before);
    int error = scratch_open(&run->scratch);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "grade: cannot make a temporary folder: %s", strerror(-error));
}

/*** Meanwhile ***/

static int64_t began_ns;
static bool is_showing; /* on a line that has not ended yet */

/* On a terminal only: results go elsewhere. */
static void show_progress(const json_t *document, size_t done, size_t all)
{
    (void)document;
    if (!isatty(STDERR_FILENO))
        return;
    double spent_s = (double)(clock_now_ns() - began_ns) / 1e9;
    is_showing = done < all;
    fputc('\r', stderr);
    fprintf(stderr, _("%zu of %zu graded, %.0f s left"), done, all,
            spent_s / (double)done * (double)(all - done));
    fputs(is_showing ? "  " : "  \n", stderr);
}

/*** The end ***/

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

static _Noreturn void end_early(const struct class_plan *plan, const struct class_outcome *outcome,
                                bool has_folder)
{
    if (is_showing)
        fputc('\n', stderr);
    if (outcome->error != -EINTR)
        die(EXIT_PROCTOR_FAILED, "grade: %s", strerror(-outcome->error));
    bool is_replay = plan->grading.only_check != NULL;
    warn(is_replay    ? _("grade: ended by SIG%s with %zu of %zu graded")
         : has_folder ? _("grade: ended by SIG%s with %zu of %zu graded; the same command with "
                          "--resume goes on from there")
                      : _("grade: ended by SIG%s with %zu of %zu graded, of which nothing stays "
                          "without --output"),
         sigabbrev_np(outcome->signal), outcome->done, plan->submissions->count);
    end_by_signal(outcome->signal);
}

json_t *grade_run_play(struct grade_run *run, const struct class_plan *plan)
{
    struct class_plan shown = *plan;
    struct class_outcome outcome;
    bool has_folder = strcmp(plan->folder, run->scratch.folder) != 0;
    shown.progress = show_progress;
    began_ns = clock_now_ns();
    json_t *grades = class_run(&shown, &outcome);
    if (grades == NULL) {
        scratch_close(&run->scratch);
        end_early(plan, &outcome, has_folder);
    }
    if (plan->resumes)
        warn(_("grade: %zu grades are taken over, %zu graded again, as the submission or the "
               "assignment has changed"),
             outcome.taken_over, outcome.graded_again);
    return grades;
}

void grade_run_end(struct grade_run *run)
{
    scratch_close(&run->scratch);
    sigprocmask(SIG_SETMASK, &run->before, NULL);
}
