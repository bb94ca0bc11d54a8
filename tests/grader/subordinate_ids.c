/* Who has which range, as subuid(5) says it. */
#include "grader/arena/subordinate_ids.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

static void expect_range(const char *text, unsigned first, unsigned count)
{
    char path[] = "/tmp/subuid-XXXXXX";
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && dprintf(fd, "%s", text) >= 0);
    struct id_range range = subordinate_ids_read(path, "alice", 1001);
    cr_expect_eq(range.first, first, "%s", text);
    cr_expect_eq(range.count, count, "%s", text);
    close(fd);
    unlink(path);
}

Test(subordinate_ids, are_those_of_the_name_or_the_number)
{
    expect_range("bob:100000:65536\nalice:165536:1000\n", 165536, 1000);
    expect_range("# alice:1:2\n1001:200000:65536\n", 200000, 65536);
    expect_range("alice2:100000:65536\n", 0, 0);
    expect_range("", 0, 0);
}

Test(subordinate_ids, that_are_none_are_not_used)
{
    expect_range("alice:0:65536\n", 0, 0); /* root */
    expect_range("alice:100000:1\n", 0, 0);
    expect_range("alice:100000\nalice:x:y\nalice:300000:10", 300000, 10);
    cr_expect_eq(subordinate_ids_read("/nonexistent", "alice", 1001).count, 0);
}
