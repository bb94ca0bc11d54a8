/* Where the tasks of a submission were seen to wait. */
#include "grader/play/waits.h"

#include "base/address.h"
#include "base/socket.h"
#include "observe/task.h"
#include "tests/support/sleeper.h"

#include <criterion/criterion.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static int listener;

/* The listener's, once it is known. */
static const char *name_known(const void *known, unsigned inode)
{
    return inode == *(const unsigned *)known ? "the listener" : NULL;
}

static void accept_one(void)
{
    child_is_ready();
    accept(listener, NULL, NULL);
}

static void expect_wait(const json_t *spell, const char *text, double begin_ms, double end_ms)
{
    cr_expect_str_eq(json_string_value(json_object_get(spell, "text")), text);
    cr_expect_float_eq(json_number_value(json_object_get(spell, "t_ms")), begin_ms, 1e-9);
    cr_expect_float_eq(json_number_value(json_object_get(spell, "until_ms")), end_ms, 1e-9);
}

/* The tasks are read after the sockets: whoever sleeps on one that came in between is seen to,
 * but not yet on what. */
Test(waits, name_a_socket_that_is_known_only_later, .timeout = 60)
{
    struct address any;
    struct stat status;
    cr_assert_eq(address_parse_host("127.0.0.1", 0, &any), 0);
    cr_assert_geq(listener = socket_listen(&any, 1), 0);
    cr_assert_eq(fstat(listener, &status), 0);
    pid_t child = child_start(accept_one);
    struct task task = task_asleep(child);
    struct task_list tasks = {.tasks = &task, .count = 1};
    unsigned known = 0;
    struct waits *waits = waits_new(0);
    waits_look(waits, &tasks, 1000000, name_known, &known);
    known = (unsigned)status.st_ino;
    waits_look(waits, &tasks, 2000000, name_known, &known);
    known = 0; /* what is known once stays known */
    waits_look(waits, &tasks, 3000000, name_known, &known);
    json_t *timeline = NULL;
    json_t *left_out = NULL;
    waits_finish(waits, &timeline, &left_out);
    cr_assert_eq(json_array_size(timeline), 1);
    expect_wait(json_array_get(timeline, 0), "accept on the listener", 1, 3);
    json_decref(timeline);
    child_kill(child);
    close(listener);
}
