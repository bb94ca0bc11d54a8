#include "bench/counted/tally.h"

#include "base/file.h"
#include "base/memory.h"
#include "observe/proc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS     "/sys/kernel/tracing/events/"
#define TEXT_MAX   ((size_t)16 << 20)
#define NAME_BYTES 64

/* The event of each tally, and the key by which it is counted; the task comes first. */
static const struct {
    const char *event, *keys;
} sources[TALLIES] = {
    [TALLY_CALLS] = {"raw_syscalls/sys_enter", "common_pid,id.syscall"},
    [TALLY_SWITCHES] = {"sched/sched_switch", "prev_pid"},
    [TALLY_WAKE_UPS] = {"sched/sched_wakeup", "pid"},
    [TALLY_FAULTS] = {"exceptions/page_fault_user", "common_pid"},
};

/*** Bystanders ***/

static int add_tid(long number, void *context)
{
    struct bystanders *bystanders = context;
    bystanders->tids = grow_by_one(bystanders->tids, bystanders->count, sizeof *bystanders->tids);
    bystanders->tids[bystanders->count++] = (pid_t)number;
    return 0;
}

void bystanders_add(struct bystanders *bystanders, pid_t pid)
{
    char *folder = text_of("/proc/%d/task", (int)pid);
    proc_each_number(folder, add_tid, bystanders);
    free(folder);
}

static int add_process(long number, void *context)
{
    bystanders_add(context, (pid_t)number);
    return 0;
}

void bystanders_add_all(struct bystanders *bystanders)
{
    add_tid(0, bystanders); /* the idle one */
    proc_each_number("/proc", add_process, bystanders);
}

void bystanders_release(struct bystanders *bystanders)
{
    free(bystanders->tids);
    *bystanders = (struct bystanders){0};
}

static bool is_bystander(const struct bystanders *bystanders, pid_t tid)
{
    for (size_t i = 0; i < bystanders->count; i++)
        if (bystanders->tids[i] == tid)
            return true;
    return false;
}

/*** Counting ***/

static int set_trigger(enum tally tally, const char *before)
{
    char *text = text_of("%shist:keys=%s:size=65536", before, sources[tally].keys);
    int error = proc_write(text, EVENTS "%s/trigger", sources[tally].event);
    free(text);
    return error;
}

int tally_begin(void)
{
    int error = 0;
    for (enum tally tally = 0; tally < TALLIES && error == 0; tally++)
        error = set_trigger(tally, "");
    return error;
}

/* "{ common_pid:        312, id: sys_read            [  0] } hitcount:       5" */
bool tally_read_line(const char *line, pid_t *tid, char *name, double *count)
{
    const char *number = line[0] == '{' ? strchr(line, ':') : NULL;
    const char *hits = strstr(line, "} hitcount:");
    if (number == NULL || hits == NULL)
        return false;
    *tid = (pid_t)strtol(number + 1, NULL, 10);
    *count = strtod(hits + strlen("} hitcount:"), NULL);
    name[0] = '\0';
    const char *call = strstr(line, "id.syscall:");
    call = call != NULL ? call + strlen("id.syscall:") : strstr(line, ", id:");
    if (call != NULL && sscanf(strstr(call, "sys_") != NULL ? strstr(call, "sys_") + 4 : call,
                               "%63[a-z0-9_]", name) != 1)
        strcpy(name, "unknown");
    return true;
}

static double sum_lines(char *text, const struct bystanders *bystanders, json_t *calls)
{
    double sum = 0;
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        char name[NAME_BYTES];
        pid_t tid = 0;
        double count = 0;
        if (!tally_read_line(line, &tid, name, &count) || is_bystander(bystanders, tid))
            continue;
        sum += count;
        if (calls != NULL)
            json_object_set_new(calls, name,
                                json_real(count + json_number_value(json_object_get(calls, name))));
    }
    return sum;
}

void tally_end(const struct bystanders *bystanders, double counts[TALLIES], json_t **calls)
{
    *calls = json_object();
    char *texts[TALLIES] = {0};
    for (enum tally tally = 0; tally < TALLIES; tally++) {
        char *path = text_of(EVENTS "%s/hist", sources[tally].event);
        size_t length = 0;
        if (file_read(path, TEXT_MAX, &texts[tally], &length) < 0)
            texts[tally] = NULL;
        free(path);
    }
    for (enum tally tally = 0; tally < TALLIES; tally++) {
        set_trigger(tally, "!");
        counts[tally] = texts[tally] == NULL ? 0
                                             : sum_lines(texts[tally], bystanders,
                                                         tally == TALLY_CALLS ? *calls : NULL);
        free(texts[tally]);
    }
}
