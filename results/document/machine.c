#include "results/document/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The first line of the file that begins with `prefix`, without it; or null. */
static json_t *line_after(const char *path, const char *prefix)
{
    FILE *file = fopen(path, "re");
    char line[512];
    json_t *found = NULL;
    while (file != NULL && found == NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, prefix, strlen(prefix)) != 0)
            continue;
        char *value = line + strlen(prefix);
        value += strspn(value, " \t:");
        value[strcspn(value, "\n")] = '\0';
        found = json_string(value);
    }
    if (file != NULL)
        fclose(file);
    return found != NULL ? found : json_null();
}

#define CLOCK_FILE "/sys/devices/system/clocksource/clocksource0/current_clocksource"

char *machine_clock(void)
{
    json_t *line = line_after(CLOCK_FILE, "");
    char *name = json_is_string(line) ? strdup(json_string_value(line)) : NULL;
    json_decref(line);
    return name;
}

/* The first line of /proc/stat, in ticks: user, nice, system, idle, iowait, irq, softirq, steal. */
struct machine_time machine_time(void)
{
    long long t[8] = {0};
    json_t *line = line_after("/proc/stat", "cpu ");
    const char *text = json_is_string(line) ? json_string_value(line) : "";
    int read = sscanf(text, "%lld %lld %lld %lld %lld %lld %lld %lld", &t[0], &t[1], &t[2], &t[3],
                      &t[4], &t[5], &t[6], &t[7]);
    json_decref(line);
    if (read != 8)
        return (struct machine_time){0};
    int64_t tick_ns = 1000000000 / sysconf(_SC_CLK_TCK);
    int64_t busy = t[0] + t[1] + t[2] + t[5] + t[6];
    return (struct machine_time){
        .total_ns = (busy + t[3] + t[4] + t[7]) * tick_ns,
        .busy_ns = busy * tick_ns,
        .stolen_ns = t[7] * tick_ns,
    };
}

struct machine_time machine_time_since(const struct machine_time *begin)
{
    struct machine_time time = machine_time();
    time.total_ns -= begin->total_ns;
    time.busy_ns -= begin->busy_ns;
    time.stolen_ns -= begin->stolen_ns;
    return time;
}

static json_t *load_average(void)
{
    double average = 0;
    return getloadavg(&average, 1) == 1 ? json_real(average) : json_null();
}

json_t *machine_describe(void)
{
    struct utsname system;
    uname(&system);
    struct rlimit descriptors = {0};
    getrlimit(RLIMIT_NOFILE, &descriptors);
    long memory_bytes = sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    return json_pack("{s:o, s:I, s:I, s:s, s:s, s:o, s:o, s:I}",             //
                     "cpu_model", line_after("/proc/cpuinfo", "model name"), //
                     "cores", (json_int_t)sysconf(_SC_NPROCESSORS_ONLN),     //
                     "memory_bytes", (json_int_t)memory_bytes,               //
                     "kernel", system.release,                               //
                     "architecture", system.machine,                         //
                     "clocksource", line_after(CLOCK_FILE, ""),              //
                     "load_average_1m", load_average(),                      //
                     "descriptor_limit", (json_int_t)descriptors.rlim_cur);
}
