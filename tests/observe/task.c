/* Which tasks there are below a process, what each has done, and in what it sleeps. */
#include "base/clock.h"
#include "base/memory.h"
#include "observe/proc.h"
#include "observe/usage.h"
#include "observe/wait.h"
#include "tests/support/sleeper.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void wait_for_a_signal(void)
{
    child_is_ready();
    pause();
}

static void spin(void)
{
    child_is_ready();
    for (;;)
        continue;
}

/*** The tree ***/

Test(task, list_holds_descendants_and_not_the_root)
{
    struct task_list list = {0};
    task_list_read(&list, getpid());
    cr_expect_eq(list.count, 0);
    pid_t first = child_start(wait_for_a_signal);
    pid_t second = child_start(wait_for_a_signal);
    task_list_read(&list, getpid());
    cr_expect_eq(list.count, 2);
    cr_expect_not_null(task_list_find(&list, first));
    cr_expect_not_null(task_list_find(&list, second));
    cr_expect_null(task_list_find(&list, getpid()));
    task_list_read(&list, first);
    cr_expect_eq(list.count, 0);
    child_kill(first);
    task_list_read(&list, getpid());
    cr_expect_eq(list.count, 1);
    cr_expect_null(task_list_find(&list, first));
    child_kill(second);
    task_list_release(&list);
    cr_expect_null(list.tasks);
}

static void have_a_child(void)
{
    child_start(wait_for_a_signal);
    child_is_ready();
    pause();
}

Test(task, list_holds_children_of_children_after_their_parents)
{
    struct task_list list = {0};
    pid_t child = child_start(have_a_child);
    task_list_read(&list, getpid());
    cr_assert_eq(list.count, 2);
    cr_expect_eq(list.tasks[0].pid, child);
    cr_expect_neq(list.tasks[1].pid, child);
    task_list_read(&list, child);
    cr_expect_eq(list.count, 1);
    child_kill(child);
    task_list_release(&list);
}

static int pair[2];

static void *receive_in_a_thread(void *context)
{
    char byte;
    pthread_setname_np(pthread_self(), "a) S (b");
    child_is_ready();
    recv(pair[0], &byte, 1, 0);
    return context;
}

static void receive_in_a_second_thread(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, receive_in_a_thread, NULL);
    pause();
}

Test(task, list_holds_every_thread_with_its_own_call)
{
    struct task_list list = {0};
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    pid_t child = child_start(receive_in_a_second_thread);
    task_list_read(&list, getpid());
    cr_assert_eq(list.count, 2);
    size_t other = list.tasks[0].tid == child ? 1 : 0;
    cr_expect_eq(list.tasks[1 - other].tid, child);
    cr_expect_eq(list.tasks[other].pid, child);

    struct task task = task_asleep(list.tasks[other].tid);
    cr_expect_str_eq(task.name, "a) S (b", "%s", task.name);
    cr_expect_eq(task.call, SYS_recvfrom);
    cr_expect_eq(task.arguments[0], (uint64_t)pair[0]);
    cr_expect_eq(task.arguments[2], 1);
    cr_expect(task.is_inspectable);
    cr_expect_not(task.is_kernel_worker);
    task_list_release(&list);
    child_kill(child);
}

/* More than the list and the file of children have room for at first. */
Test(task, list_holds_all_however_many)
{
    enum { MANY = 100 };
    pid_t children[MANY];
    struct task_list list = {0};
    for (size_t i = 0; i < MANY; i++)
        children[i] = child_start(wait_for_a_signal);
    task_list_read(&list, getpid());
    cr_expect_eq(list.count, MANY);
    for (size_t i = 0; i < MANY; i++)
        cr_expect_not_null(task_list_find(&list, children[i]), "child %zu", i);
    for (size_t i = 0; i < MANY; i++)
        child_kill(children[i]);
    task_list_release(&list);
}

/*** What a task does ***/

static void end_at_once(void)
{
    child_is_ready();
}

Test(task, states_are_those_of_proc)
{
    pid_t child = child_start(end_at_once);
    task_in_state(child, 'Z');
    child_kill(child);
    child = child_start(wait_for_a_signal);
    task_in_state(child, 'S');
    kill(child, SIGSTOP);
    task_in_state(child, 'T');
    child_kill(child);
    child = child_start(spin);
    task_in_state(child, 'R');
    child_kill(child);
}

Test(task, that_runs_uses_processor_time)
{
    pid_t child = child_start(spin);
    uint64_t before_ns = process_tree_cpu_ns(child);
    uint64_t cpu_ns = 0;
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    while (cpu_ns < 10 * NS_PER_MS && clock_now_ns() < deadline_ns)
        cpu_ns = task_in_state(child, 'R').cpu_ns;
    cr_expect_geq(cpu_ns, 10 * NS_PER_MS);
    cr_expect_geq(process_tree_cpu_ns(child), before_ns + 5 * NS_PER_MS);
    cr_expect_geq(process_tree_cpu_ns(getpid()), process_tree_cpu_ns(child));
    child_kill(child);
}

static void receive_again_and_again(void)
{
    char byte;
    child_is_ready();
    for (;;)
        recv(pair[0], &byte, 1, 0);
}

Test(task, that_woke_up_has_switched)
{
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    pid_t child = child_start(receive_again_and_again);
    struct task before = task_asleep(child);
    struct task after = task_asleep(child);
    cr_expect_eq(after.switches, before.switches, "it has not woken up");
    cr_assert_eq(send(pair[1], "x", 1, MSG_NOSIGNAL), 1);
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    while (after.switches == before.switches && clock_now_ns() < deadline_ns)
        after = task_asleep(child);
    cr_expect_gt(after.switches, before.switches);
    cr_expect_eq(after.call, before.call);
    child_kill(child);
}

/* On one processor with us, which look at it all the time. */
Test(task, that_was_preempted_has_switched_and_waited_for_a_processor)
{
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET((size_t)sched_getcpu(), &only);
    cr_assert_eq(sched_setaffinity(0, sizeof only, &only), 0);
    pid_t child = child_start(spin);
    struct task before = task_in_state(child, 'R');
    struct task after = before;
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    while (after.switches < before.switches + 10 && clock_now_ns() < deadline_ns)
        after = task_in_state(child, 'R');
    cr_expect_geq(after.switches, before.switches + 10);
    cr_expect_gt(after.delay_ns, before.delay_ns);
    child_kill(child);
}

Test(task, that_runs_waits_for_nothing)
{
    struct wait wait;
    pid_t child = child_start(spin);
    struct task task = task_in_state(child, 'R');
    wait_read(&wait, &task);
    cr_expect_eq(wait.kind, WAIT_NOTHING);
    cr_expect_not(wait.is_timed);
    cr_expect_eq(wait.descriptor_count, 0);
    child_kill(child);
}

/*** Waits for others ***/

static void wait_for_a_child(void)
{
    pid_t grandchild = child_start(wait_for_a_signal);
    child_is_ready();
    waitpid(grandchild, NULL, 0);
}

static void join_a_thread(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, receive_in_a_thread, NULL);
    pthread_join(thread, NULL);
}

Test(task, that_waits_for_a_signal_a_child_or_a_thread_is_not_timed)
{
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    struct wait wait = wait_of_child(wait_for_a_signal);
    cr_expect_eq(wait.kind, WAIT_OTHER);
    cr_expect_not(wait.is_timed);
    wait = wait_of_child(wait_for_a_child);
    cr_expect_eq(wait.kind, WAIT_CHILD);
    cr_expect_not(wait.is_timed);
    wait = wait_of_child(join_a_thread);
    cr_expect_eq(wait.kind, WAIT_LOCK);
    cr_expect_not(wait.is_timed);
}

static bool has_limit;

static void wait_for_a_condition(void)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    pthread_mutex_lock(&mutex);
    child_is_ready();
    for (;;) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 2;
        if (has_limit)
            pthread_cond_timedwait(&condition, &mutex, &until);
        else
            pthread_cond_wait(&condition, &mutex);
    }
}

Test(task, that_waits_for_a_condition_waits_for_a_lock_and_is_timed_if_that_has_a_limit)
{
    has_limit = false;
    struct wait wait = wait_of_child(wait_for_a_condition);
    cr_expect_eq(wait.kind, WAIT_LOCK);
    cr_expect_not(wait.is_timed);
    cr_expect_eq(wait.descriptor_count, 0);
    has_limit = true;
    wait = wait_of_child(wait_for_a_condition);
    cr_expect_eq(wait.kind, WAIT_LOCK);
    cr_expect(wait.is_timed);
}

/*** Reading /proc ***/

Test(proc, numbers_are_found_after_a_name_at_the_beginning_of_a_line)
{
    const char *text = "nonvoluntary:\t7\nvoluntary:\t12\nlast: 3";
    cr_expect_eq(proc_number_after(text, "voluntary:"), 12);
    cr_expect_eq(proc_number_after(text, "nonvoluntary:"), 7);
    cr_expect_eq(proc_number_after(text, "last:"), 3);
    cr_expect_eq(proc_number_after(text, "missing:"), 0);
    cr_expect_eq(proc_number_after("", "last:"), 0);
}

Test(proc, what_does_not_fit_is_left_out)
{
    char text[5];
    memset(text, '!', sizeof text);
    cr_expect_eq(proc_read(text, 4, "/proc/%s/stat", "self"), 3);
    cr_expect_eq(text[3], '\0');
    cr_expect_eq(text[4], '!');
    cr_expect_eq(proc_read(text, sizeof text, "/proc/%d/no_such_file", 1), -ENOENT);
    cr_expect_str_eq(text, "");
    cr_expect_eq(proc_read_link(text, sizeof text, "/proc/no_such_link"), -ENOENT);
    cr_expect_str_eq(text, "");
}

static int stop_at_second(long number, void *count)
{
    (void)number;
    return ++*(int *)count == 2 ? 42 : 0;
}

Test(proc, visit_ends_with_the_first_answer)
{
    int count = 0;
    cr_expect_eq(proc_each_number("/proc/self/fd", stop_at_second, &count), 42);
    cr_expect_eq(count, 2);
    cr_expect_eq(proc_each_number("/proc/no_such_folder", stop_at_second, &count), -ENOENT);
    cr_expect_eq(count, 2);
}

/*** Usage ***/

Test(usage, of_a_tree_is_that_of_all_its_processes)
{
    struct usage alone;
    usage_read(&alone, getpid());
    cr_expect(alone.has_memory);
    cr_expect_gt(alone.memory_bytes, 0);
    int pipe_fds[2];
    cr_assert_eq(pipe(pipe_fds), 0);
    enum { MUCH = 16 << 20 };
    pid_t child = fork();
    if (child == 0) {
        char *memory = allocate(MUCH, 1);
        memset(memory, 1, MUCH);
        if (write(pipe_fds[1], memory, 1) == 1)
            pause();
        _exit(1);
    }
    char ready = 0;
    cr_assert_eq(read(pipe_fds[0], &ready, 1), 1);
    struct usage both;
    usage_read(&both, getpid());
    cr_expect_gt(both.memory_bytes, alone.memory_bytes + MUCH / 2);
    cr_expect_gt(both.cpu_ns, alone.cpu_ns);
    cr_expect_geq(both.switches, alone.switches);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

Test(usage, of_a_process_that_is_gone_is_nothing)
{
    pid_t gone = fork();
    if (gone == 0)
        _exit(0);
    waitpid(gone, NULL, 0);
    struct usage usage;
    usage_read(&usage, gone);
    cr_expect_eq(usage.cpu_ns, 0);
    cr_expect_eq(usage.memory_bytes, 0);
}
