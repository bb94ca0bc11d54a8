#include "observe/server_cost.h"
#include "text/number.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>

#define ENDED       "the process ended during the load"
#define TAKEN_ALONG "children that ended have taken theirs along"

int server_meter_open(struct server_meter *meter, pid_t pid)
{
    *meter = (struct server_meter){.pid = pid};
    if (kill(pid, 0) < 0 && errno == ESRCH)
        return -ESRCH;
    usage_read(&meter->idle, pid);
    if (event_counter_check(EVENT_SYSTEM_CALLS, &meter->no_syscalls) == 0 &&
        event_counter_open(&meter->syscalls, EVENT_SYSTEM_CALLS, pid) < 0)
        meter->no_syscalls = "the system calls of this process may not be counted";
    return 0;
}

void server_meter_begin(struct server_meter *meter)
{
    usage_read(&meter->begin, meter->pid);
    meter->syscalls_begin = event_counter_read(&meter->syscalls);
}

static double per(double amount, double count)
{
    return count > 0 ? amount / count : 0;
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
    *cost = (struct server_cost){
        .cpu_us_per_request = per(((double)end.cpu_ns - (double)meter->begin.cpu_ns) / 1e3, count),
        .switches_per_request = per((double)end.switches - (double)meter->begin.switches, count),
        .syscalls_per_request = per((double)syscalls, count),
        .bytes_per_connection =
            per((double)end.memory_bytes - (double)meter->idle.memory_bytes, connections),
        .no_cpu = end.cpu_ns < meter->begin.cpu_ns ? TAKEN_ALONG : NULL,
        .no_switches = end.switches < meter->begin.switches ? TAKEN_ALONG : NULL,
        .no_syscalls = meter->no_syscalls,
        .no_memory = end.has_memory && meter->idle.has_memory
                         ? NULL
                         : "the memory of this process may not be read",
    };
}

void server_meter_close(struct server_meter *meter)
{
    event_counter_close(&meter->syscalls);
}

static json_t *number_unless(const char *reason, double number)
{
    return reason == NULL ? json_real(number) : json_null();
}

static void append_if_any(json_t *list, const char *reason)
{
    if (reason != NULL)
        json_array_append_new(list, json_string(reason));
}

json_t *server_cost_describe(const struct server_cost *cost)
{
    json_t *missing = json_array();
    if (cost->has_ended) {
        json_array_append_new(missing, json_string(ENDED));
        return json_pack("{s:o}", "not_measured", missing);
    }
    append_if_any(missing, cost->no_cpu);
    append_if_any(missing, cost->no_switches);
    append_if_any(missing, cost->no_syscalls);
    append_if_any(missing, cost->no_memory);
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o}",                                                          //
        "cpu_us_per_request", number_unless(cost->no_cpu, cost->cpu_us_per_request),          //
        "switches_per_request", number_unless(cost->no_switches, cost->switches_per_request), //
        "syscalls_per_request", number_unless(cost->no_syscalls, cost->syscalls_per_request), //
        "bytes_per_connection", number_unless(cost->no_memory, cost->bytes_per_connection),   //
        "not_measured", missing);
}

static const char *print_part(FILE *stream, const char *comma, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Returns what comes before the next part. */
static const char *print_part(FILE *stream, const char *comma, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs(comma, stream);
    vfprintf(stream, format, arguments);
    va_end(arguments);
    return ", ";
}

void server_cost_print(FILE *stream, const struct server_cost *cost)
{
    char text[NUMBER_TEXT_BYTES];
    if (cost->has_ended) {
        fprintf(stream, "server    not measured: %s\n", ENDED);
        return;
    }
    const char *comma = "";
    fprintf(stream, "server    ");
    if (cost->no_cpu == NULL)
        comma = print_part(stream, comma, "%s of CPU",
                           number_duration_text(text, cost->cpu_us_per_request * 1e3));
    if (cost->no_switches == NULL)
        comma = print_part(stream, comma, "%.3f context switches", cost->switches_per_request);
    if (cost->no_syscalls == NULL)
        comma = print_part(stream, comma, "%.3f system calls", cost->syscalls_per_request);
    fprintf(stream, comma[0] != '\0' ? " per request" : "nothing is known per request");
    if (cost->no_memory == NULL)
        fprintf(stream, "; %.1f kB of memory per connection", cost->bytes_per_connection / 1e3);
    fputc('\n', stream);
    const char *const reasons[] = {cost->no_cpu, cost->no_switches, cost->no_syscalls,
                                   cost->no_memory};
    static const char *const what[] = {"CPU", "context switches", "system calls", "memory"};
    for (size_t i = 0; i < sizeof what / sizeof what[0]; i++)
        if (reasons[i] != NULL)
            fprintf(stream, "          no %s: %s\n", what[i], reasons[i]);
}
