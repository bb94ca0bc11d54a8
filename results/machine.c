#include "results/machine.h"

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
    return json_pack(
        "{s:o, s:I, s:I, s:s, s:s, s:o, s:o, s:I}",             //
        "cpu_model", line_after("/proc/cpuinfo", "model name"), //
        "cores", (json_int_t)sysconf(_SC_NPROCESSORS_ONLN),     //
        "memory_bytes", (json_int_t)memory_bytes,               //
        "kernel", system.release,                               //
        "architecture", system.machine,                         //
        "clocksource",
        line_after("/sys/devices/system/clocksource/clocksource0/current_clocksource", ""),
        "load_average_1m", load_average(), //
        "descriptor_limit", (json_int_t)descriptors.rlim_cur);
}
