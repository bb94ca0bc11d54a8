#include "observe/runtime.h"

#include "observe/proc.h"
#include "observe/task.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The kernel keeps 15 letters of a name. Those that sleep without a time-out are listed only where
 * they also run for no client.
 *
 * OpenJDK: the names in src/hotspot/share, runtime/nonJavaThread.cpp, vmThread.cpp,
 * monitorDeflationThread.cpp, sweeper.cpp; compiler/compileBroker.cpp; gc/g1, gc/shared; and of
 * java.base, jdk/internal/ref/CleanerFactory.java.
 * .NET: src/coreclr/vm/tieredcompilation.cpp, pal/src/synchmgr/synchmanager.cpp, and
 * System.Threading's PortableThreadPool.GateThread.cs.
 * Node: src/node_platform.cc.
 * CPython has none: a thread that waits for its lock wakes up 200 times a second, but only while
 * another one runs. */
static const struct {
    const char *mapped; /* the end of a path in /proc/PID/maps */
    const char *thread; /* how its name begins */
    enum runtime_thread kind;
} known[] = {
    {"/libjvm.so", "VM Periodic Tas", RUNTIME_ALONGSIDE},
    {"/libjvm.so", "C1 CompilerThre", RUNTIME_ALONGSIDE},
    {"/libjvm.so", "C2 CompilerThre", RUNTIME_ALONGSIDE},
    {"/libjvm.so", "Sweeper thread", RUNTIME_ALONGSIDE},
    {"/libjvm.so", "Monitor Deflati", RUNTIME_IDLES},
    {"/libjvm.so", "VM Thread", RUNTIME_IDLES},
    {"/libjvm.so", "GC Thread#", RUNTIME_IDLES},
    {"/libjvm.so", "G1 ", RUNTIME_IDLES},
    {"/libjvm.so", "Common-Cleaner", RUNTIME_IDLES},
    {"/libcoreclr.so", ".NET Tiered Com", RUNTIME_ALONGSIDE},
    {"/libcoreclr.so", ".NET TP Gate", RUNTIME_IDLES},
    {"/libcoreclr.so", ".NET SynchManag", RUNTIME_IDLES},
    {"/node", "DelayedTaskSche", RUNTIME_IDLES},
};

static bool ends_with(const char *line, const char *end)
{
    size_t length = strlen(line);
    return length >= strlen(end) && strcmp(line + length - strlen(end), end) == 0;
}

static bool has_part(const char *line, const char *part)
{
    return strstr(line, part) != NULL;
}

static bool has_mapped(pid_t pid, bool is_it(const char *line, const char *name), const char *name)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    FILE *maps = fopen(path, "re");
    char *line = NULL;
    size_t capacity = 0;
    bool is_found = false;
    while (maps != NULL && !is_found && getline(&line, &capacity, maps) > 0) {
        line[strcspn(line, "\n")] = '\0';
        is_found = is_it(line, name);
    }
    free(line);
    if (maps != NULL)
        fclose(maps);
    return is_found;
}

/* The linker puts the note ".note.go.buildid" (cmd/link/internal/ld/elf.go) into the first page:
 * the lengths of name and text, the type 4, and the name "Go". */
static bool is_go_program(pid_t pid)
{
    static const char mark[] = "\x04\0\0\0Go\0";
    char path[32];
    char page[4096];
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, page, sizeof page);
    if (fd >= 0)
        close(fd);
    return length > 0 && memmem(page, (size_t)length, mark, sizeof mark) != NULL;
}

static int is_older(long tid, void *task)
{
    const struct task *one = task;
    return tid != one->pid && tid < one->tid;
}

/* Go's sysmon (runtime/proc.go): the first thread that the runtime makes; it polls in nanosleep,
 * from 20 us to 10 ms, and when all rest, sleeps on a futex with a time-out. */
static bool is_sysmon(const struct task *task)
{
    char folder[32];
    snprintf(folder, sizeof folder, "/proc/%d/task", task->pid);
    return task->tid != task->pid && proc_each_number(folder, is_older, (void *)task) == 0 &&
           is_go_program(task->pid);
}

enum runtime_thread runtime_thread_of(const struct task *task)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strncmp(task->name, known[i].thread, strlen(known[i].thread)) == 0)
            return has_mapped(task->pid, ends_with, known[i].mapped) ? known[i].kind : RUNTIME_NONE;
    return is_sysmon(task) ? RUNTIME_ALONGSIDE : RUNTIME_NONE;
}

/* Its part in C, of which every build has a library of its own: _asyncio.cpython-311-….so. */
bool runtime_has_asyncio(const struct task *task)
{
    return has_mapped(task->pid, has_part, "/_asyncio.");
}
