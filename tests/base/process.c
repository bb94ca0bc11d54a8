/* Child processes: how they start, what they say and how they end. */
#include "base/process.h"
#include "base/clock.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* Bounds a wait for what must come; no test passes or fails by how long it took. */
#define LONG_NS (60 * NS_PER_S)

static int64_t in_a_long_time(void)
{
    return clock_now_ns() + LONG_NS;
}

static void start_shell(struct process *process, const char *script)
{
    char *argv[] = {"sh", "-c", (char *)script, NULL};
    int error = process_start(process, argv);
    cr_assert_eq(error, 0, "%s", strerror(-error));
}

static void expect_line(struct process *process, const char *expected)
{
    char line[256] = "";
    int error = process_read_line(process, line, sizeof line, in_a_long_time());
    cr_assert_eq(error, 0, "waiting for \"%s\": %s", expected, strerror(-error));
    cr_assert_str_eq(line, expected, "%s", line);
}

Test(process, gives_its_output_line_by_line)
{
    struct process process;
    char *argv[] = {"echo", "one\n\ntwo words", NULL};
    cr_assert_eq(process_start(&process, argv), 0);
    expect_line(&process, "one");
    expect_line(&process, "");
    expect_line(&process, "two words");
    char line[16];
    cr_expect_eq(process_read_line(&process, line, sizeof line, in_a_long_time()), -EPIPE);
    cr_assert(process_wait_until(&process, in_a_long_time()));
    int status = process_end(&process, LONG_NS);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %#x", (unsigned)status);
}

Test(process, that_cannot_be_executed_is_not_started)
{
    struct process process;
    char *missing[] = {"/nonexistent/program", NULL};
    cr_expect_eq(process_start(&process, missing), -ENOENT);
    setenv("PATH", "/usr/bin:/bin", 1); /* a folder that we may not search would be -EACCES */
    char *unknown[] = {"proctor-no-such-program", NULL};
    cr_expect_eq(process_start(&process, unknown), -ENOENT);
    char *folder[] = {"/", NULL};
    cr_expect_eq(process_start(&process, folder), -EACCES);
    cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1, "a child was left behind");
    cr_expect_eq(errno, ECHILD);
}

Test(process, that_cannot_be_executed_leaves_no_descriptor_open)
{
    int before = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(before);
    struct process process;
    char *missing[] = {"/nonexistent/program", NULL};
    for (int i = 0; i < 10; i++)
        cr_assert_eq(process_start(&process, missing), -ENOENT);
    int after = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(after);
    cr_expect_eq(after, before);
}

Test(process, that_ignores_sigterm_is_killed)
{
    struct process process;
    start_shell(&process, "trap '' TERM; echo up; while :; do sleep 60; done");
    expect_line(&process, "up");
    int status = process_end(&process, NS_PER_MS);
    cr_expect(WIFSIGNALED(status), "status %#x", (unsigned)status);
    cr_expect_eq(WTERMSIG(status), SIGKILL);
}

Test(process, may_end_in_its_own_way_upon_sigterm)
{
    struct process process;
    start_shell(&process, "trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done");
    expect_line(&process, "up");
    int status = process_end(&process, LONG_NS);
    cr_expect(WIFEXITED(status), "status %#x", (unsigned)status);
    cr_expect_eq(WEXITSTATUS(status), 7);
}

Test(process, takes_its_group_with_it)
{
    struct process process;
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* so that the orphan becomes ours to wait for */
    start_shell(&process, "(trap '' TERM; echo up; while :; do sleep 60; done) & wait");
    expect_line(&process, "up");
    process_end(&process, NS_PER_MS);
    int status = 0;
    pid_t orphan = 0;
    int64_t deadline_ns = in_a_long_time();
    while ((orphan = waitpid(-1, &status, WNOHANG)) == 0 && clock_now_ns() < deadline_ns)
        sched_yield();
    if (orphan == 0)
        kill(-process.pid, SIGKILL);
    cr_assert_gt(orphan, 0, "it outlives the process");
    cr_expect(WIFSIGNALED(status), "status %#x", (unsigned)status);
    cr_expect_eq(WTERMSIG(status), SIGKILL);
}

static void *start_and_return(void *process)
{
    start_shell(process, "echo up; while :; do sleep 60; done");
    return NULL;
}

Test(process, does_not_outlive_the_thread_that_started_it)
{
    struct process process;
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, start_and_return, &process), 0);
    pthread_join(thread, NULL);
    cr_expect(process_wait_until(&process, in_a_long_time()));
    int status = process_end(&process, LONG_NS);
    cr_expect(WIFSIGNALED(status), "status %#x", (unsigned)status);
    cr_expect_eq(WTERMSIG(status), SIGKILL);
}

Test(process, begins_with_all_signals_at_their_defaults)
{
    sigset_t all;
    sigfillset(&all);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &all, NULL);
    struct process process;
    char *argv[] = {"grep", "-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status", NULL};
    cr_assert_eq(process_start(&process, argv), 0);
    expect_line(&process, "SigBlk:\t0000000000000000");
    expect_line(&process, "SigIgn:\t0000000000000000");
    process_end(&process, LONG_NS);
}

Test(process, inherits_no_pipe_of_another)
{
    struct process other;
    struct process counting;
    char alone[256];
    const char *count_descriptors = "ls /proc/self/fd | wc -l";
    start_shell(&counting, count_descriptors);
    cr_assert_eq(process_read_line(&counting, alone, sizeof alone, in_a_long_time()), 0);
    process_end(&counting, LONG_NS);

    start_shell(&other, "echo up; exec cat");
    expect_line(&other, "up");
    start_shell(&counting, count_descriptors);
    expect_line(&counting, alone);
    process_end(&counting, LONG_NS);
    process_end(&other, LONG_NS);
}

Test(process, is_alone_in_its_group)
{
    struct process process;
    start_shell(&process, "echo up; while :; do sleep 60; done");
    expect_line(&process, "up");
    cr_expect_eq(getpgid(process.pid), process.pid);
    process_end(&process, LONG_NS);
}

Test(process, that_is_silent_times_out)
{
    struct process process;
    char line[16];
    start_shell(&process, "echo up; while :; do sleep 60; done");
    expect_line(&process, "up");
    cr_expect_eq(process_read_line(&process, line, sizeof line, 0), -ETIMEDOUT);
    cr_expect_not(process_wait_until(&process, 0));
    process_end(&process, LONG_NS);
}

static void notice_nothing(int number)
{
    (void)number;
}

/* Signals arrive all the time; only the deadline may end the wait. */
Test(process, is_read_on_through_signals)
{
    struct sigaction action = {.sa_handler = notice_nothing};
    struct process process;
    char line[16];
    start_shell(&process, "echo up; while :; do sleep 60; done");
    expect_line(&process, "up");
    sigaction(SIGALRM, &action, NULL);
    struct itimerval often = {{.tv_usec = 1000}, {.tv_usec = 1000}};
    setitimer(ITIMER_REAL, &often, NULL);
    int error = process_read_line(&process, line, sizeof line, clock_now_ns() + 30 * NS_PER_MS);
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
    cr_expect_eq(error, -ETIMEDOUT, "%s", strerror(-error));
    process_end(&process, LONG_NS);
}

Test(process, with_a_line_too_long_is_refused)
{
    struct process process;
    char line[8];
    start_shell(&process, "echo 1234567; echo 12345678; exec cat");
    cr_expect_eq(process_read_line(&process, line, 9 - 1, in_a_long_time()), -EMSGSIZE);
    process_end(&process, LONG_NS);

    char roomy[9];
    start_shell(&process, "echo 1234567; exec cat");
    cr_expect_eq(process_read_line(&process, roomy, sizeof roomy, in_a_long_time()), 0);
    cr_expect_str_eq(roomy, "1234567");
    process_end(&process, LONG_NS);
}

Test(process, has_nothing_to_read)
{
    struct process process;
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    dup2(ends[0], STDIN_FILENO); /* it would wait for our input for ever */
    start_shell(&process, "cat; echo read");
    expect_line(&process, "read");
    process_end(&process, LONG_NS);
}

Test(process, ends_what_it_does_not_know_of)
{
    struct process process;
    int left[2];
    char none = 0;
    cr_assert_eq(pipe(left), 0);
    pid_t guardian = fork();
    if (guardian == 0) {
        close(left[0]);
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        start_shell(&process, "setsid sh -c 'setsid sleep 1000 & sleep 1000' & echo up");
        expect_line(&process, "up");
        process_end_descendants();
        _exit(0);
    }
    close(left[1]);
    cr_expect_eq(read(left[0], &none, 1), 0, "somebody still has the pipe");
    waitpid(guardian, NULL, 0);
}
