/* What the kernel's own counters count, and who may have them. */
#include "base/clock.h"
#include "observe/event_counter.h"
#include "observe/proc.h"
#include "tests/support/sleeper.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void read_zeros(void)
{
    static char zeros[1 << 16];
    int fd = open("/dev/zero", O_RDONLY);
    child_is_ready();
    while (read(fd, zeros, sizeof zeros) > 0)
        continue;
}

Test(event_counter, counts_the_processor_time_that_is_spent_in_the_kernel)
{
    const char *reason = NULL;
    struct event_counter counter;
    if (event_counter_check(EVENT_CPU_NS, &reason) < 0)
        cr_skip_test("%s", reason);
    pid_t child = child_start(read_zeros);
    cr_assert_eq(event_counter_open(&counter, EVENT_CPU_NS, child), 0);
    /* What is counted begins before the time that it is held against, and ends after it. */
    uint64_t counted_ns = event_counter_read(&counter);
    uint64_t begin_ns = process_tree_cpu_ns(child);
    uint64_t end_ns = begin_ns;
    int64_t deadline_ns = clock_now_ns() + LONG_NS;
    while (end_ns < begin_ns + 50 * NS_PER_MS && clock_now_ns() < deadline_ns)
        end_ns = process_tree_cpu_ns(child);
    counted_ns = event_counter_read(&counter) - counted_ns;
    cr_expect_geq(end_ns - begin_ns, 50 * NS_PER_MS);
    cr_expect_geq((double)counted_ns, 0.9 * (double)(end_ns - begin_ns), "%llu of %llu ns",
                  (unsigned long long)counted_ns, (unsigned long long)(end_ns - begin_ns));
    event_counter_close(&counter);
    child_kill(child);
}

/* Up to this setting anybody may count what is not the kernel's. */
Test(event_counter, of_processor_time_is_not_only_for_root)
{
    char text[16] = "";
    const char *reason = NULL;
    proc_read(text, sizeof text, "/proc/sys/kernel/perf_event_paranoid");
    if (text[0] == '\0' || strtol(text, NULL, 10) > 2 || geteuid() != 0 ||
        event_counter_check(EVENT_CPU_NS, &reason) < 0)
        cr_skip_test("who may count cannot be told here");
    cr_assert_eq(setuid(65534), 0);
    cr_expect_eq(event_counter_check(EVENT_CPU_NS, &reason), 0, "%s", reason);
}
