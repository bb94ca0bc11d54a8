#include "bench/pinning.h"

void pinning_choose(struct pinning *pinning, unsigned least)
{
    *pinning = (struct pinning){0};
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) < 0)
        return;
    unsigned count = (unsigned)CPU_COUNT(&allowed);
    if (count < least || count < 2)
        return;
    pinning->is_on = true;
    CPU_ZERO(&pinning->servers);
    unsigned taken = 0;
    for (unsigned cpu = 0; cpu < PINNING_CPUS_MAX && cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &allowed))
            continue;
        if (taken++ < count / 2)
            CPU_SET(cpu, &pinning->servers);
        else
            pinning->generator[pinning->generator_count++] = cpu;
    }
}

/* A processor may have been taken away meanwhile: then the servers run where they can. */
void pinning_enter(const struct pinning *pinning, cpu_set_t *before)
{
    CPU_ZERO(before);
    if (pinning->is_on && sched_getaffinity(0, sizeof *before, before) == 0)
        sched_setaffinity(0, sizeof pinning->servers, &pinning->servers);
}

void pinning_leave(const struct pinning *pinning, const cpu_set_t *before)
{
    if (pinning->is_on && CPU_COUNT(before) > 0)
        sched_setaffinity(0, sizeof *before, before);
}

json_t *pinning_describe(const struct pinning *pinning)
{
    if (!pinning->is_on)
        return json_null();
    json_t *servers = json_array();
    json_t *generator = json_array();
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &pinning->servers))
            json_array_append_new(servers, json_integer(cpu));
    for (unsigned i = 0; i < pinning->generator_count; i++)
        json_array_append_new(generator, json_integer(pinning->generator[i]));
    return json_pack("{s:o, s:o}", "server", servers, "generator", generator);
}
