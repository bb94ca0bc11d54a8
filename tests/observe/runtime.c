/* Which threads are a runtime's own: by its library and their names, and by nothing else. */
#include "observe/runtime.h"
#include "observe/task.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct task task_called(const char *name)
{
    struct task task = {.pid = getpid(), .tid = getpid()};
    snprintf(task.name, sizeof task.name, "%s", name);
    return task;
}

static enum runtime_thread kind_of(const char *name)
{
    struct task task = task_called(name);
    return runtime_thread_of(&task);
}

static char folder[64];
static char path[128];

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/proctor-runtime-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
}

static void remove_folder(void)
{
    if (path[0] != '\0')
        unlink(path);
    rmdir(folder);
}

TestSuite(runtime, .init = make_folder, .fini = remove_folder);

/* Maps a file with the library's name. */
static void map_library(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    cr_assert_geq(fd, 0);
    cr_assert_eq(ftruncate(fd, 4096), 0);
    cr_assert_neq(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0), MAP_FAILED);
    close(fd);
}

Test(runtime, name_alone_makes_no_thread_a_runtimes)
{
    cr_expect_eq(kind_of("VM Thread"), RUNTIME_NONE);
    cr_expect_eq(kind_of("C2 CompilerThre"), RUNTIME_NONE);
    cr_expect_eq(kind_of(".NET TP Gate"), RUNTIME_NONE);
}

Test(runtime, library_alone_makes_no_thread_a_runtimes)
{
    map_library("libjvm.so");
    cr_expect_eq(kind_of("java"), RUNTIME_NONE);
    cr_expect_eq(kind_of("Thread-0"), RUNTIME_NONE);
    cr_expect_eq(kind_of("pool-1-thread-1"), RUNTIME_NONE);
}

Test(runtime, is_known_by_both)
{
    map_library("libjvm.so");
    cr_expect_eq(kind_of("VM Thread"), RUNTIME_IDLES);
    cr_expect_eq(kind_of("G1 Conc#0"), RUNTIME_IDLES);
    cr_expect_eq(kind_of("C1 CompilerThre"), RUNTIME_ALONGSIDE);
    cr_expect_eq(kind_of(".NET TP Gate"), RUNTIME_NONE, "that is another one's");
}
