#include "observe/server_cost.h"
#include "text/number.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>

#define ENDED       "the process ended during the load"
#define TAKEN_ALONG "the figures of children that ended are lost"
#define NO_REQUEST  "no request was answered"

int server_meter_open(struct server_meter *meter, pid_t pid)
{
    *meter = (struct server_meter){.pid = pid};
    if (kill(pid, 0) < 0 && errno == ESRCH)
        return -ESRCH;
    usage_read(&meter->idle, pid);
    if (event_counter_check(EVENT_SYSTEM_CALLS, &meter->no_syscalls) == 0 &&
        event_counter_open(&meter->syscalls, EVENT_SYSTEM_CALLS, pid) < 0)
        meter->no_syscalls = "the system calls of this process cannot be counted";
    return 0;
}

void server_meter_begin(struct server_meter *meter)
{
    usage_read(&meter->begin, meter->pid);
    meter->syscalls_begin = event_counter_read(&meter->syscalls);
}

static double per(double amount, double count)
{
    return count > 0 ? amount / count : NAN;
}

/* Why there is no figure: this reason, or that there was nothing to divide by; or NULL. */
static const char *missing_of(const char *reason, double count, const char *no_count)
{
    return reason == NULL && !(count > 0) ? no_count : reason;
}

void server_meter_end(struct server_meter *meter, uint64_t requests, unsigned connections,
                      struct server_cost *cost)
{
    uint64_t syscalls = event_counter_read(&meter->syscalls) - meter->syscalls_begin;
    struct usage end;
    usage_read(&end, meter->pid);
    double count = (double)requests;
    if (kill(meter->pid, 0) < 0 && errno == ESRCH) {
        *cost = (struct server_cost){.has_ended = true};
        return;
    }
    const struct usage *begin = &meter->begin;
    const struct usage *idle = &meter->idle;
    const char *no_cpu = end.cpu_ns < begin->cpu_ns ? TAKEN_ALONG : NULL;
    const char *no_switches = end.switches < begin->switches ? TAKEN_ALONG : NULL;
    const char *no_memory =
        end.has_memory && idle->has_memory ? NULL : "the memory of this process cannot be read";
    *cost = (struct server_cost){
        .of = {[COST_CPU] = per(((double)end.cpu_ns - (double)begin->cpu_ns) / 1e3, count),
               [COST_SWITCHES] = per((double)end.switches - (double)begin->switches, count),
               [COST_SYSCALLS] = per((double)syscalls, count),
               [COST_MEMORY] =
                   per((double)end.memory_bytes - (double)idle->memory_bytes, connections)},
        .missing = {[COST_CPU] = missing_of(no_cpu, count, NO_REQUEST),
                    [COST_SWITCHES] = missing_of(no_switches, count, NO_REQUEST),
                    [COST_SYSCALLS] = missing_of(meter->no_syscalls, count, NO_REQUEST),
                    [COST_MEMORY] = missing_of(no_memory, connections, "no client was connected")},
    };
}

void server_meter_close(struct server_meter *meter)
{
    event_counter_close(&meter->syscalls);
}

json_t *server_cost_describe(const struct server_cost *cost)
{
    static const char *const names[COSTS] = {"cpu_us_per_request", "switches_per_request",
                                             "syscalls_per_request", "bytes_per_connection"};
    json_t *described = json_object();
    json_t *missing = json_array();
    for (size_t i = 0; i < COSTS && !cost->has_ended; i++) {
        bool is_known = cost->missing[i] == NULL;
        json_object_set_new(described, names[i], is_known ? json_real(cost->of[i]) : json_null());
        if (!is_known)
            json_array_append_new(missing, json_string(cost->missing[i]));
    }
    if (cost->has_ended)
        json_array_append_new(missing, json_string(ENDED));
    json_object_set_new(described, "not_measured", missing);
    return described;
}

void server_cost_print(FILE *stream, const struct server_cost *cost)
{
    static const char *const what[COSTS] = {"CPU", "context switches", "system calls", "memory"};
    char text[NUMBER_TEXT_BYTES];
    if (cost->has_ended) {
        fprintf(stream, "server    not measured: %s\n", ENDED);
        return;
    }
    const char *before = "";
    fprintf(stream, "server    ");
    for (enum cost i = COST_CPU; i < COST_MEMORY; i++) {
        if (cost->missing[i] != NULL)
            continue;
        if (i == COST_CPU)
            fprintf(stream, "%s of CPU", number_duration_text(text, cost->of[i] * 1e3));
        else
            fprintf(stream, "%s%.3f %s", before, cost->of[i], what[i]);
        before = ", ";
    }
    fprintf(stream, before[0] != '\0' ? " per request" : "no figure per request is known");
    if (cost->missing[COST_MEMORY] == NULL)
        fprintf(stream, "; %.1f kB of memory per connection", cost->of[COST_MEMORY] / 1e3);
    fputc('\n', stream);
    for (enum cost i = 0; i < COSTS; i++)
        if (cost->missing[i] != NULL)
            fprintf(stream, "          no %s: %s\n", what[i], cost->missing[i]);
}
