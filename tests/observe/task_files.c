/* Files of tasks in /proc that are held open show what they show when they are opened anew. */
#include "observe/task_files.h"
#include "tests/support/sleeper.h"

#include <criterion/criterion.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static void wait_for_a_signal(void)
{
    child_is_ready();
    pause();
}

static void expect_same(const struct task_list *held, const struct task_list *fresh)
{
    cr_assert_eq(held->count, fresh->count);
    for (size_t i = 0; i < held->count; i++) {
        cr_expect_eq(held->tasks[i].tid, fresh->tasks[i].tid);
        cr_expect_eq(held->tasks[i].state, fresh->tasks[i].state);
        cr_expect_eq(held->tasks[i].call, fresh->tasks[i].call);
        cr_expect_eq(held->tasks[i].switches, fresh->tasks[i].switches);
        cr_expect_eq(held->tasks[i].cpu_ns, fresh->tasks[i].cpu_ns);
        cr_expect_str_eq(held->tasks[i].name, fresh->tasks[i].name);
    }
}

Test(task_files, show_what_is_shown_without_them_and_are_closed_with_their_tasks)
{
    enum { MANY = 70 }; /* of more than these, stat is not held */
    pid_t children[MANY];
    struct task_files *files = task_files_new();
    struct task_list held = {0};
    struct task_list fresh = {0};
    for (size_t i = 0; i < MANY; i++)
        children[i] = child_start(wait_for_a_signal);
    for (size_t i = 0; i < MANY; i++)
        task_asleep(children[i]);
    task_list_read_again(&held, getpid(), files);
    size_t open_count = task_files_count(files);
    cr_expect_gt(open_count, MANY);
    task_list_read(&fresh, getpid());
    expect_same(&held, &fresh);
    task_list_read_again(&held, getpid(), files);
    expect_same(&held, &fresh);
    cr_expect_eq(task_files_count(files), open_count);
    for (size_t i = 0; i < MANY; i += 2)
        child_kill(children[i]);
    task_list_read_again(&held, getpid(), files);
    task_list_read(&fresh, getpid());
    expect_same(&held, &fresh);
    cr_expect_eq(held.count, MANY / 2);
    cr_expect_lt(task_files_count(files), open_count);
    for (size_t i = 1; i < MANY; i += 2)
        child_kill(children[i]);
    task_list_read_again(&held, getpid(), files);
    cr_expect_eq(held.count, 0);
    task_list_release(&held);
    task_list_release(&fresh);
    task_files_free(files);
}

/* What has changed while it was not asked for is seen at the next look. */
Test(task_files, show_a_task_that_is_stopped_and_one_that_goes_on)
{
    struct task_files *files = task_files_new();
    struct task_list list = {0};
    pid_t child = child_start(wait_for_a_signal);
    task_asleep(child);
    task_list_read_again(&list, getpid(), files);
    cr_expect_eq(list.tasks[0].state, 'S');
    kill(child, SIGSTOP);
    task_in_state(child, 'T');
    task_list_read_again(&list, getpid(), files);
    cr_expect_eq(list.tasks[0].state, 'T');
    kill(child, SIGCONT);
    task_asleep(child);
    task_list_read_again(&list, getpid(), files);
    cr_expect_eq(list.tasks[0].state, 'S');
    kill(child, SIGKILL);
    task_in_state(child, 'Z');
    task_list_read_again(&list, getpid(), files);
    cr_expect_eq(list.tasks[0].state, 'Z');
    child_kill(child);
    task_list_release(&list);
    task_files_free(files);
}

/* A child whose number is chosen: what a busy machine does in the course of time. */
static pid_t child_with_number(pid_t number)
{
    struct clone_args how = {
        .exit_signal = SIGCHLD, .set_tid = (uintptr_t)&number, .set_tid_size = 1};
    pid_t child = (pid_t)syscall(SYS_clone3, &how, sizeof how);
    if (child == 0)
        for (;;)
            pause();
    return child;
}

Test(task_files, of_a_number_that_was_given_to_another_are_those_of_the_other)
{
    struct task_files *files = task_files_new();
    struct task_list list = {0};
    pid_t first = child_start(wait_for_a_signal);
    task_asleep(first);
    task_list_read_again(&list, getpid(), files);
    const uint64_t cpu_ns = list.tasks[0].cpu_ns;
    child_kill(first);
    pid_t second = child_with_number(first);
    if (second == first) { /* it takes CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE */
        struct task now = task_asleep(second);
        task_list_read_again(&list, getpid(), files);
        cr_assert_eq(list.count, 1);
        cr_expect_eq(list.tasks[0].tid, second);
        /* A task that sleeps may not have left its processor yet. */
        cr_expect_geq(list.tasks[0].cpu_ns, now.cpu_ns);
        cr_expect_leq(list.tasks[0].cpu_ns, task_asleep(second).cpu_ns);
        cr_expect_neq(list.tasks[0].cpu_ns, cpu_ns);
        cr_expect_eq(list.tasks[0].call, SYS_pause);
        child_kill(second);
    }
    task_list_release(&list);
    task_files_free(files);
}

/* Some programs may open hundreds of descriptors only. */
Test(task_files, are_opened_each_time_where_descriptors_are_few)
{
    struct task_files *files = NULL;
    struct rlimit limit;
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    const struct rlimit few = {.rlim_cur = 30, .rlim_max = limit.rlim_max};
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    files = task_files_new();
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    enum { SOME = 12 };
    pid_t children[SOME];
    for (size_t i = 0; i < SOME; i++)
        children[i] = child_start(wait_for_a_signal);
    for (size_t i = 0; i < SOME; i++)
        task_asleep(children[i]);
    struct task_list held = {0};
    struct task_list fresh = {0};
    task_list_read_again(&held, getpid(), files);
    task_list_read_again(&held, getpid(), files);
    task_list_read(&fresh, getpid());
    expect_same(&held, &fresh);
    cr_expect_leq(task_files_count(files), 10);
    for (size_t i = 0; i < SOME; i++)
        child_kill(children[i]);
    task_list_release(&held);
    task_list_release(&fresh);
    task_files_free(files);
}
