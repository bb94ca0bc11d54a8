/* User and kernel are told apart by address, as QEMU has counted every block of code: what lies
 * above is the kernel's. In user mode, what does not lie in the generator's code is the server's:
 * nobody else is there, and both never share an address (machine/guest.c).
 *
 * All of the server's instructions is what the scheduler gave it, in nanoseconds, each of which
 * is one instruction; so the kernel's on its behalf are the rest. What QEMU counted in the kernel
 * is that for all tasks together, and serves to name functions only. */
#include "bench/counted/quantity.h"

#include "base/memory.h"
#include "bench/counted/tally.h"
#include "text/json_field.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

const struct quantity_kind quantity_kinds[QUANTITIES] = {
    [QUANTITY_INSTRUCTIONS] = {"instructions_per_request", "instructions", false},
    [QUANTITY_USER] = {"user_instructions_per_request", "in user mode", false},
    [QUANTITY_KERNEL] = {"kernel_instructions_per_request", "in the kernel", false},
    [QUANTITY_CALLS] = {"counted_calls_per_request", "system calls", true},
    [QUANTITY_SWITCHES] = {"counted_switches_per_request", "context switches", true},
    [QUANTITY_WAKE_UPS] = {"wakeups_per_request", "wake-ups", true},
    [QUANTITY_FAULTS] = {"page_faults_per_request", "page faults", true},
    [QUANTITY_MEMORY] = {"counted_bytes_per_connection", "bytes per connection", false},
    [QUANTITY_OF_CONNECTION] = {"instructions_per_connection", "instructions per connection",
                                false},
};

static bool lies_in(const json_t *maps, uint64_t address)
{
    list_each (map, maps) {
        uint64_t first = (uint64_t)json_integer_value(json_array_get(map, 0));
        uint64_t end = (uint64_t)json_integer_value(json_array_get(map, 1));
        if (address >= first && address < end)
            return true;
    }
    return false;
}

static void drop_generator(struct counted_run *run, const json_t *generator)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->code_count; i++)
        if (!lies_in(generator, run->codes[i].address))
            run->codes[kept++] = run->codes[i];
    run->code_count = kept;
}

static double sum_user(const struct counted_run *run)
{
    double sum = 0;
    for (size_t i = 0; i < run->code_count; i++)
        if (run->codes[i].address < MACHINE_KERNEL_ADDRESS)
            sum += (double)run->codes[i].count;
    return sum;
}

static void read_tallies(struct counted_run *run, const json_t *said)
{
    static const enum quantity quantities[TALLIES] = {[TALLY_CALLS] = QUANTITY_CALLS,
                                                      [TALLY_SWITCHES] = QUANTITY_SWITCHES,
                                                      [TALLY_WAKE_UPS] = QUANTITY_WAKE_UPS,
                                                      [TALLY_FAULTS] = QUANTITY_FAULTS};
    double tallied = field_number(said, "tallied", 0);
    const json_t *counts = json_object_get(said, "counts");
    if (tallied <= 0)
        return;
    for (size_t i = 0; i < TALLIES; i++)
        run->of[quantities[i]] = value_number(json_array_get(counts, i), NAN) / tallied;
    const char *name = NULL;
    json_t *count = NULL;
    json_object_foreach (json_object_get(said, "calls"), name, count)
        json_object_set_new(run->calls, name, json_real(value_number(count, 0) / tallied));
}

static void read_instructions(struct counted_run *run, const json_t *said, unsigned requests)
{
    double all = field_number(said, "instructions", NAN) / run->answered;
    run->of[QUANTITY_INSTRUCTIONS] = all;
    if (run->code_count > 0) {
        drop_generator(run, json_object_get(said, "generator"));
        double user = sum_user(run) / run->answered;
        run->of[QUANTITY_USER] = user;
        run->of[QUANTITY_KERNEL] = all - user;
    }
    run->of[QUANTITY_MEMORY] = field_number(said, "bytes_per_connection", NAN);
    if (requests > 0)
        run->of[QUANTITY_OF_CONNECTION] = all * requests;
}

int counted_run_read(struct counted_run *run, const char *said, struct counted_code *codes,
                     size_t code_count, unsigned requests)
{
    *run = (struct counted_run){.codes = codes, .code_count = code_count, .calls = json_object()};
    for (size_t i = 0; i < QUANTITIES; i++)
        run->of[i] = NAN;
    json_t *object = json_loads(said, 0, NULL);
    const char *trouble = field_text(object, "trouble");
    if (trouble != NULL)
        run->trouble = text_of("%s", trouble);
    run->answered = field_number(object, "answered", 0);
    run->maps = json_incref(json_object_get(object, "server"));
    if (run->answered > 0) {
        read_tallies(run, object);
        read_instructions(run, object, requests);
    }
    json_decref(object);
    return run->answered > 0 || run->trouble != NULL ? 0 : -EPROTO;
}

void counted_run_release(struct counted_run *run)
{
    json_decref(run->calls);
    json_decref(run->maps);
    free(run->codes);
    free(run->trouble);
    *run = (struct counted_run){0};
}
