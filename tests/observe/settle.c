/* When a process tree has settled, and when it never will.
 *
 * Each test has a network namespace of its own, so that no stranger's socket changes under it.
 */
#include "observe/settle.h"
#include "base/address.h"
#include "base/clock.h"
#include "base/socket.h"
#include "tests/support/sleeper.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int netlink_fd = -1;
static int pair[2];
static struct settle settle;
static int64_t window_ns = 5 * NS_PER_S;

static void enter_a_namespace(void)
{
    if (unshare(CLONE_NEWNET) < 0)
        cr_skip_test("no network namespace of our own: %s", strerror(errno));
    netlink_fd = tcp_table_open();
    cr_assert_geq(netlink_fd, 0);
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
}

static void release(void)
{
    settle_release(&settle);
    close(netlink_fd);
}

TestSuite(settle, .init = enter_a_namespace, .fini = release);

static int look(void)
{
    settle.until_ns = clock_now_ns() + window_ns;
    int activity =
        settle_look(&settle, &(struct subject){.netlink_fd = netlink_fd, .root = getpid()});
    cr_assert_geq(activity, 0, "%s", strerror(-activity));
    return activity;
}

/* The first thing that can be concluded, if it is one of those that `ends` lists as bits. */
static int await(unsigned ends)
{
    int activity = ACTIVITY_BUSY;
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    while ((ends & 1U << activity) == 0 && clock_now_ns() < deadline_ns) {
        sched_yield();
        activity = look();
    }
    return activity;
}

static int conclusion(void)
{
    return await(~(1U << ACTIVITY_BUSY | 1U << ACTIVITY_RESTING));
}

static const struct sleeper *sleeper_of(pid_t tid)
{
    for (size_t i = 0; i < settle.sleepers.count; i++)
        if (settle.sleepers.list[i].task.tid == tid)
            return &settle.sleepers.list[i];
    return NULL;
}

static void receive_again_and_again(void)
{
    char byte;
    child_is_ready();
    for (;;)
        recv(pair[0], &byte, 1, 0);
}

static void poll_again_and_again(void)
{
    struct pollfd entry = {.fd = pair[0], .events = POLLIN};
    child_is_ready();
    for (;;)
        poll(&entry, 1, 20);
}

static void compute(void)
{
    child_is_ready();
    for (;;)
        continue;
}

static void spin(void)
{
    child_is_ready();
    for (;;)
        poll(NULL, 0, 0);
}

/*** Settled ***/

Test(settle, task_that_waits_for_input_has_settled)
{
    pid_t child = child_start(receive_again_and_again);
    settle_begin(&settle);
    cr_expect_eq(look(), ACTIVITY_BUSY, "one look tells nothing");
    cr_expect_eq(conclusion(), ACTIVITY_SETTLED);
    cr_expect(settle.current.is_consistent);
    cr_expect_not_null(task_list_find(&settle.current.tasks, child));
    child_kill(child);
}

Test(settle, after_input_it_settles_anew)
{
    pid_t child = child_start(receive_again_and_again);
    settle_begin(&settle);
    cr_expect_eq(conclusion(), ACTIVITY_SETTLED);
    uint64_t switches = task_list_find(&settle.current.tasks, child)->switches;
    cr_assert_eq(send(pair[1], "x", 1, MSG_NOSIGNAL), 1);
    settle_begin(&settle);
    cr_expect_eq(look(), ACTIVITY_BUSY, "one look tells nothing");
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    do
        cr_assert_eq(conclusion(), ACTIVITY_SETTLED);
    while (task_list_find(&settle.current.tasks, child)->switches == switches &&
           clock_now_ns() < deadline_ns);
    cr_expect_gt(task_list_find(&settle.current.tasks, child)->switches, switches);
    child_kill(child);
}

Test(settle, task_that_waits_on_a_descriptor_for_a_time_has_passed_it_over_after_three_rounds)
{
    pid_t child = child_start(poll_again_and_again);
    settle_begin(&settle);
    uint64_t switches = task_asleep(child).switches;
    cr_expect_eq(conclusion(), ACTIVITY_PASSED_OVER);
    cr_expect_eq(sleeper_of(child)->slumber, SLUMBER_ON_DESCRIPTORS);
    cr_expect_geq(sleeper_of(child)->rounds, SETTLE_ROUNDS);
    cr_expect_geq(task_list_find(&settle.current.tasks, child)->switches, switches + SETTLE_ROUNDS);
    child_kill(child);
}

static void sleep_in_slices(void)
{
    child_is_ready();
    for (;;)
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
}

static void poll_nothing_again_and_again(void)
{
    child_is_ready();
    for (;;)
        poll(NULL, 0, 20);
}

/* It rests, so that one can go on, and it may do anything at its next awakening. */
static void expect_only_rest(child_function *act)
{
    pid_t child = child_start(act);
    settle_begin(&settle);
    while (settle.own_ns < NS_PER_S / 2) {
        int activity = look();
        cr_assert(activity == ACTIVITY_BUSY || activity == ACTIVITY_RESTING, "%d", activity);
    }
    cr_expect_eq(await(1U << ACTIVITY_RESTING), ACTIVITY_RESTING);
    cr_expect_geq(settle_longest_nap_ns(&settle, NS_PER_S), 15 * NS_PER_MS);
    child_kill(child);
}

Test(settle, nothing_follows_from_the_sleep_of_one_who_sleeps_in_slices)
{
    expect_only_rest(sleep_in_slices);
    expect_only_rest(poll_nothing_again_and_again);
}

/* Two different waits in turn, each of them on the descriptor. */
static void alternate(void)
{
    struct pollfd entry = {.fd = pair[0], .events = POLLIN};
    child_is_ready();
    for (;;) {
        poll(&entry, 1, 20);
        ppoll(&entry, 1, &(struct timespec){.tv_nsec = 10000000}, NULL);
    }
}

Test(settle, task_that_waits_in_two_ways_comes_back_to_both)
{
    pid_t child = child_start(alternate);
    settle_begin(&settle);
    cr_expect_eq(conclusion(), ACTIVITY_PASSED_OVER);
    child_kill(child);
}

static void sleep_for_ten_minutes(void)
{
    child_is_ready();
    for (;;)
        nanosleep(&(struct timespec){.tv_sec = 600}, NULL);
}

/* How long it has slept already is known only from what was seen of it awake. */
Test(settle, long_sleep_proves_something_only_beyond_the_window)
{
    int64_t begin_ns = clock_now_ns();
    pid_t child = child_start(sleep_for_ten_minutes);
    settle_begin(&settle);
    cr_expect_eq(await(1U << ACTIVITY_RESTING), ACTIVITY_RESTING, "began nobody knows when");
    child_kill(child);
    look();
    child = child_start(sleep_for_ten_minutes);
    settle_begin(&settle);
    cr_expect_eq(conclusion(), ACTIVITY_SETTLED);
    cr_expect_geq(sleeper_of(child)->wakes_ns, begin_ns + 600 * NS_PER_S);
    window_ns = 3600 * NS_PER_S;
    settle_begin(&settle);
    cr_expect_eq(await(1U << ACTIVITY_RESTING), ACTIVITY_RESTING, "it may wake up in an hour");
    child_kill(child);
}

static int timer_fd = -1;

static void wait_for_a_timer(void)
{
    struct pollfd entries[] = {{.fd = timer_fd, .events = POLLIN},
                               {.fd = pair[0], .events = POLLIN}};
    child_is_ready();
    poll(entries, 2, -1);
    pause();
}

Test(settle, timer_among_the_descriptors_is_a_time_out)
{
    timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    cr_assert_geq(timer_fd, 0);
    timerfd_settime(timer_fd, 0, &(struct itimerspec){.it_value.tv_sec = 100}, NULL);
    pid_t child = child_start(wait_for_a_timer);
    settle_begin(&settle);
    cr_expect_eq(conclusion(), ACTIVITY_SETTLED, "beyond the window");
    cr_expect_eq(sleeper_of(child)->slumber, SLUMBER_ON_DESCRIPTORS);
    window_ns = 200 * NS_PER_S;
    settle_begin(&settle);
    cr_expect_eq(await(1U << ACTIVITY_RESTING), ACTIVITY_RESTING);
    child_kill(child);
}

Test(settle, tasks_have_passed_over_when_all_of_them_have)
{
    pid_t receiving = child_start(receive_again_and_again);
    pid_t polling = child_start(poll_again_and_again);
    settle_begin(&settle);
    cr_expect_eq(conclusion(), ACTIVITY_PASSED_OVER);
    cr_expect_eq(sleeper_of(receiving)->slumber, SLUMBER_ENDLESS);
    cr_expect_geq(sleeper_of(polling)->rounds, SETTLE_ROUNDS);
    cr_expect_eq(settle.current.tasks.count, 2);
    child_kill(receiving);
    child_kill(polling);
}

static void end_at_once(void)
{
    child_is_ready();
}

Test(settle, set_of_tasks_that_are_dead_proves_nothing)
{
    pid_t child = child_start(end_at_once);
    settle_begin(&settle);
    cr_expect_eq(await(1U << ACTIVITY_RESTING), ACTIVITY_RESTING);
    cr_expect_eq(task_list_find(&settle.current.tasks, child)->state, 'Z');
    child_kill(child);
}

Test(settle, sockets_that_change_keep_it_from_settling)
{
    struct address any;
    cr_assert_eq(address_parse_host("0.0.0.0", 0, &any), 0);
    pid_t child = child_start(receive_again_and_again);
    settle_begin(&settle);
    cr_expect_eq(look(), ACTIVITY_BUSY);
    for (int i = 0; i < 30; i++) {
        cr_assert_geq(socket_listen(&any, 1), 0); /* since the snapshot to compare with */
        do
            cr_assert_eq(look(), ACTIVITY_BUSY, "change %d", i);
        while (!settle.keep_current);
    }
    cr_expect_eq(conclusion(), ACTIVITY_SETTLED);
    child_kill(child);
}

/*** Never settled ***/

Test(settle, task_that_spins_is_found_by_its_processor_time)
{
    pid_t child = child_start(spin);
    settle_begin(&settle);
    cr_expect_eq(conclusion(), ACTIVITY_SPINNING);
    cr_expect_geq(task_list_find(&settle.current.tasks, child)->kernel_ns, ASKING_KERNEL_NS);
    settle.has_nothing_to_do = true;
    settle_begin(&settle);
    cr_expect_eq(conclusion(), ACTIVITY_SPINNING);
    cr_expect_geq(settle_used_ns(&settle), SPINNING_CPU_NS);
    child_kill(child);
}

Test(settle, task_that_computes_has_longer)
{
    pid_t child = child_start(compute);
    settle_begin(&settle);
    cr_expect_eq(conclusion(), ACTIVITY_SPINNING);
    cr_expect_geq(task_list_find(&settle.current.tasks, child)->cpu_ns, COMPUTING_CPU_NS);
    child_kill(child);
}

Test(settle, task_that_spins_beside_one_that_waits_is_found_too)
{
    pid_t receiving = child_start(receive_again_and_again);
    pid_t spinning = child_start(spin);
    settle_begin(&settle);
    cr_expect_eq(conclusion(), ACTIVITY_SPINNING);
    child_kill(receiving);
    child_kill(spinning);
}

Test(settle, task_that_is_stopped_tells_nothing)
{
    pid_t child = child_start(receive_again_and_again);
    task_asleep(child);
    kill(child, SIGSTOP);
    task_in_state(child, 'T');
    settle_begin(&settle);
    cr_expect_eq(conclusion(), ACTIVITY_STOPPED);
    cr_expect_eq(conclusion(), ACTIVITY_STOPPED);
    kill(child, SIGCONT);
    settle_begin(&settle);
    int activity = ACTIVITY_STOPPED;
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    while (activity == ACTIVITY_STOPPED && clock_now_ns() < deadline_ns)
        activity = conclusion();
    cr_expect_eq(activity, ACTIVITY_SETTLED);
    child_kill(child);
}

/* As nobody we may not look into a process of root. */
Test(settle, task_that_cannot_be_inspected_tells_nothing)
{
    if (geteuid() != 0)
        cr_skip_test("not root");
    pid_t child = child_start(receive_again_and_again);
    settle_begin(&settle);
    cr_assert_eq(seteuid(65534), 0);
    int activity = conclusion();
    cr_assert_eq(seteuid(0), 0);
    cr_expect_not(task_list_find(&settle.current.tasks, child)->is_inspectable);
    cr_expect_eq(activity, ACTIVITY_HIDDEN, "%d", activity);
    child_kill(child);
}

Test(settle_time, goes_as_with_the_machine_for_oneself)
{
    const int64_t second = NS_PER_S;
    cr_expect_eq(settle_own_time_ns(second, 0, 0, 2), second, "asleep");
    cr_expect_eq(settle_own_time_ns(second, second / 2, second / 2, 2), second, "undisturbed");
    cr_expect_eq(settle_own_time_ns(second, second / 4, second, 2), second / 4, "a quarter of one");
    cr_expect_eq(settle_own_time_ns(second, second, 2 * second, 2), second / 2, "one of two");
    cr_expect_eq(settle_own_time_ns(second, 2 * second, 32 * second, 2), second,
                 "tasks that take the processors from each other");
    cr_expect_eq(settle_own_time_ns(second, second / 2, 32 * second, 2), second / 4,
                 "many tasks, and others");
    cr_expect_eq(settle_own_time_ns(second, second / 10, second / 5, 2), second - second / 10,
                 "mostly asleep");
    cr_expect_eq(settle_own_time_ns(second, 3 * second, second, 2), second,
                 "counters that are read at different moments");
}
