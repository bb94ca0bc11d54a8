#include "tests/support/sleeper.h"

#include "base/clock.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int ready[2];

pid_t child_start(child_function *act)
{
    char byte = 0;
    int outer[2] = {ready[0], ready[1]}; /* the caller may itself be a child not yet ready */
    cr_assert_eq(pipe(ready), 0);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent)
            act();
        _exit(0);
    }
    cr_assert_gt(pid, 0);
    close(ready[1]);
    cr_assert_eq(read(ready[0], &byte, 1), 1, "the child ended before it was ready");
    close(ready[0]);
    ready[0] = outer[0];
    ready[1] = outer[1];
    return pid;
}

void child_is_ready(void)
{
    ssize_t told = write(ready[1], "", 1);
    if (told != 1)
        _exit(1);
    close(ready[0]);
    close(ready[1]);
}

void child_kill(pid_t pid)
{
    kill(pid, SIGKILL);
    cr_assert_eq(waitpid(pid, NULL, 0), pid);
}

/* In this state; or, for 0, asleep in a system call. */
static struct task await(pid_t tid, char state)
{
    struct task_list list = {0};
    struct task found = {0};
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    bool is_there = false;
    while (!is_there && clock_now_ns() < deadline_ns) {
        sched_yield();
        task_list_read(&list, getpid());
        const struct task *task = task_list_find(&list, tid);
        if (task == NULL)
            continue;
        found = *task;
        is_there = state != 0 ? task->state == state : task->state == 'S' && task->call >= 0;
    }
    task_list_release(&list);
    cr_assert(is_there, "task %d is in state '%c', call %ld", tid, found.state, found.call);
    return found;
}

struct task task_asleep(pid_t tid)
{
    return await(tid, 0);
}

struct task task_in_state(pid_t tid, char state)
{
    return await(tid, state);
}

struct wait wait_of_child(child_function *act)
{
    struct wait wait;
    pid_t child = child_start(act);
    struct task task = task_asleep(child);
    wait_read(&wait, &task);
    child_kill(child);
    return wait;
}
