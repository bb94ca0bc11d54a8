#include "grader/class/class_run.h"

#include <unistd.h>

static const int endings[] = {SIGINT, SIGTERM, SIGHUP};

/* Who was started with nohup(1), or in the background of a script, is not to be ended so. */
static bool is_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int class_run_begin(struct class_run *run)
{
    *run = (struct class_run){0};
    signal(SIGCHLD, SIG_DFL); /* were it ignored, nobody could be waited for */
    sigemptyset(&run->signals);
    sigaddset(&run->signals, SIGCHLD);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (!is_ignored(endings[i]))
            sigaddset(&run->signals, endings[i]);
    sigprocmask(SIG_BLOCK, &run->signals, &run->before);
    return scratch_open(&run->scratch);
}

json_t *class_run_grade(struct class_run *run, const struct class_plan *plan)
{
    struct class_plan own = *plan;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    own.scratch = run->scratch.folder;
    if (own.folder == NULL)
        own.folder = own.scratch;
    if (own.jobs == 0)
        own.jobs = processors > 0 ? (unsigned)processors : 1;
    return class_grade(&own, &run->signals, &run->outcome);
}

void class_run_end(struct class_run *run)
{
    scratch_close(&run->scratch);
    if (run->outcome.signal == 0)
        sigprocmask(SIG_SETMASK, &run->before, NULL);
}
