/* In the machine time is the number of instructions, so the slices of a load, which have a length
 * in time, always hold the same work. While files are still read from the host, whose answers take
 * time that the machine knows nothing of, its clock would leap from timer to timer: an idle
 * neighbour keeps the processor busy until the first slices are over.
 *
 * The slices: two to warm up, one with the kernel's histograms, one to warm up again without
 * them, and one between the marks, in which nothing is traced. */
#include "bench/counted/side.h"

#include "base/memory.h"
#include "bench/counted/tally.h"
#include "bench/lane.h"
#include "machine/counter.h"
#include "observe/proc.h"
#include "observe/task.h"
#include "results/document/document.h"

#include <inttypes.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/*** The neighbour ***/

static pid_t keep_busy(void)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    struct sched_param none = {0};
    sched_setscheduler(0, SCHED_IDLE, &none);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (getppid() == parent)
        for (volatile unsigned i = 0; i < 1000000;)
            i = i + 1;
    _exit(0);
}

static void let_idle(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* A task that is woken does not take the processor from who has it: server and load work in turns,
 * as far as each of them comes, and not by what the scheduler owes to whom. Of fair shares the same
 * server makes batches now of six requests and now of eight, which is 0.2 % of its instructions. */
static void take_turns(void)
{
    struct sched_param none = {0};
    sched_setscheduler(0, SCHED_BATCH, &none);
}

/*** Where code lies ***/

static void add_maps(json_t *list, pid_t pid)
{
    char *path = text_of("/proc/%d/maps", (int)pid);
    FILE *file = fopen(path, "re");
    free(path);
    char line[4096];
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        uint64_t first, end, offset;
        char access[8];
        int name = 0;
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %*s %*s %n", &first, &end, access,
                   &offset, &name) < 4 ||
            access[2] != 'x' || first >= MACHINE_KERNEL_ADDRESS)
            continue;
        line[strcspn(line, "\n")] = '\0';
        json_array_append_new(list, json_pack("[I, I, I, s]", (json_int_t)first, (json_int_t)end,
                                              (json_int_t)offset, name > 0 ? line + name : ""));
    }
    if (file != NULL)
        fclose(file);
}

/* Of a tree without its root, where that is a guard's: its code is ours. */
static void add_maps_of_server(json_t *list, const struct lane *lane)
{
    struct task_list tasks = {0};
    const struct target *target = &lane->target;
    if (target->process.pid > 0)
        task_list_read_tree(&tasks, target->process.pid);
    else
        task_list_read(&tasks, target->guard.process.pid);
    for (size_t i = 0; i < tasks.count; i++)
        if (tasks.tasks[i].pid == tasks.tasks[i].tid)
            add_maps(list, tasks.tasks[i].pid);
    task_list_release(&tasks);
}

/*** Slices ***/

static void note_tallies(json_t *said, struct lane *lane, struct bystanders *bystanders,
                         int64_t slice_ns)
{
    struct slice slice;
    double counts[TALLIES] = {0};
    json_t *calls = NULL;
    bystanders_add(bystanders, getpid());
    if (lane->target.guard.process.pid > 0)
        bystanders_add(bystanders, lane->target.guard.process.pid);
    if (tally_begin() < 0 || !lane_take_slice(lane, 0, slice_ns, &slice))
        return;
    tally_end(bystanders, counts, &calls);
    json_t *list = json_array();
    for (size_t i = 0; i < TALLIES; i++)
        json_array_append_new(list, json_real(counts[i]));
    json_object_set_new(said, "tallied", json_integer((json_int_t)lane->result.answered));
    json_object_set_new(said, "counts", list);
    json_object_set_new(said, "calls", calls);
}

static void note_instructions(json_t *said, struct lane *lane, int64_t slice_ns)
{
    struct slice slice;
    machine_mark_begin();
    bool is_good = lane_take_slice(lane, 0, slice_ns, &slice);
    machine_mark_end();
    if (!is_good)
        return;
    json_object_set_new(said, "answered", json_integer((json_int_t)lane->result.answered));
    json_object_set_new(said, "instructions", document_number(slice.server_cpu_ns));
    json_object_set_new(said, "bytes_per_connection",
                        document_number(lane->of_start[METRIC_MEMORY]));
}

static bool warm_up(struct lane *lane, int64_t slice_ns)
{
    struct slice slice;
    return lane_is_open(lane) && lane_take_slice(lane, 0, slice_ns, &slice);
}

json_t *counted_side_run(const struct contender *contender, const struct load_plan *load,
                         int64_t slice_ns)
{
    struct pinning nowhere = {0};
    struct bystanders bystanders = {0};
    struct lane lane;
    proc_write("0", "/proc/sys/kernel/randomize_va_space");
    pid_t neighbour = keep_busy();
    take_turns();
    bystanders_add_all(&bystanders);
    lane_open(&lane, contender, load, &nowhere);
    json_t *said = json_object();
    json_t *generator = json_array();
    json_t *server = json_array();
    bool is_warm = warm_up(&lane, slice_ns);
    is_warm = is_warm && warm_up(&lane, slice_ns);
    let_idle(neighbour);
    if (is_warm && warm_up(&lane, slice_ns / 4)) {
        note_tallies(said, &lane, &bystanders, slice_ns);
        warm_up(&lane, slice_ns / 4);
        note_instructions(said, &lane, slice_ns);
        add_maps(generator, getpid());
        add_maps_of_server(server, &lane);
    }
    json_object_set_new(said, "generator", generator);
    json_object_set_new(said, "server", server);
    lane_close(&lane);
    if (lane.trouble != NULL)
        json_object_set_new(said, "trouble", json_string(lane.trouble));
    lane_release(&lane);
    bystanders_release(&bystanders);
    return said;
}
