/* Each run goes on from the same saved machine, in which proctor calls itself with the very words
 * it was called with, and a variable that says which side it is. A layout is one more word of
 * another length in the environment, which shifts the stack, and another limit of the stack, which
 * shifts all that is mapped: addresses are not random, so all else is the same. */
#include "bench/counted/gate.h"

#include "base/clock.h"
#include "base/memory.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUN_NS       (600 * NS_PER_S) /* of the host's time, at most */
#define STACK_BYTES  (UINT64_C(8) << 20)
#define STACK_STEP   UINT64_C(1130496) /* 276 pages */
#define PADDING_STEP 1234U

/*** One run ***/

/* Ours, and what says which side and which layout it is. */
static char **environment_of(enum side side, unsigned layout)
{
    size_t count = 0;
    while (environ[count] != NULL)
        count++;
    char **words = allocate(count + 4, sizeof *words);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        words[kept++] = text_of("%s", environ[i]);
    /* of one length, whichever side it is */
    if (getenv("PYTHONHASHSEED") == NULL) /* or its tables differ from run to run */
        words[kept++] = text_of("PYTHONHASHSEED=0");
    words[kept++] = text_of(COUNTED_SIDE_VARIABLE "=%u", side == SIDE_NEW ? SIDE_NEW : SIDE_BASE);
    words[kept++] = text_of("PROCTOR_LAYOUT=%0*u", (int)(PADDING_STEP * layout + 1), layout);
    return words;
}

/* What became of it, as a sentence; NULL: it is all there. */
static char *read_run(struct counted_run *run, const struct machine_reply *reply,
                      const char *counts, unsigned requests)
{
    struct counted_code *codes = NULL;
    size_t count = 0;
    counted_code_read(counts, &codes, &count);
    if (counted_run_read(run, reply->output, codes, count, requests) == 0)
        return NULL;
    return text_of("in the counted machine proctor ended with status %d and said: %.400s",
                   reply->status, reply->errors[0] != '\0' ? reply->errors : "nothing");
}

static char *run_side(struct gate *gate, struct machine *machine, enum side side, unsigned layout)
{
    char *folder = getcwd(NULL, 0);
    char **environment = environment_of(side, layout);
    char *counts = work_folder_path(&machine->work, "counts");
    char *trouble = NULL;
    struct counted_run *run = &gate->runs[side][layout];
    struct machine_order order = {.words = gate->plan->words,
                                  .environment = environment,
                                  .folder = folder != NULL ? folder : "/",
                                  .stack_bytes = STACK_BYTES + layout * STACK_STEP};
    struct machine_reply reply;
    if (machine_run(machine, &order, counts, RUN_NS, &reply, &trouble) == 0)
        trouble = read_run(run, &reply, counts, gate->plan->cell->load.requests_per_connection);
    machine_reply_release(&reply);
    unlink(counts);
    free(counts);
    free_texts(environment);
    free(folder);
    if (trouble != NULL || run->trouble == NULL)
        return trouble;
    gate->trouble_of = side == SIDE_NEW ? SIDE_NEW : SIDE_BASE;
    return text_of("%s", run->trouble);
}

/*** All runs ***/

static bool is_stopped(const struct gate *gate)
{
    return gate->plan->is_stopped != NULL && *gate->plan->is_stopped;
}

static void run_all(struct gate *gate, struct machine *machine, gate_progress_function *progress,
                    void *context)
{
    size_t all = (size_t)gate->plan->layouts * SIDES;
    for (unsigned layout = 0; layout < gate->plan->layouts && gate->trouble == NULL; layout++) {
        for (enum side side = 0; side < SIDES && gate->trouble == NULL; side++) {
            if (is_stopped(gate)) {
                gate->is_cut = true;
                return;
            }
            if (progress != NULL)
                progress(layout * SIDES + side, all, context);
            gate->trouble = run_side(gate, machine, side, layout);
        }
        gate->layouts += gate->trouble == NULL ? 1 : 0;
    }
    gate->is_cut = is_stopped(gate);
}

static void decide(struct gate *gate)
{
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++) {
        struct judged_runs runs = {.count = gate->layouts};
        for (size_t i = 0; i < gate->layouts; i++) {
            runs.base[i] = gate->runs[SIDE_BASE][i].of[quantity];
            runs.again[i] = gate->runs[SIDE_CONTROL][i].of[quantity];
            runs.new[i] = gate->runs[SIDE_NEW][i].of[quantity];
        }
        gate->judged[quantity] =
            judge(&runs, quantity_kinds[quantity].is_exact, gate->plan->must_catch);
        gate->verdict = judge_together(gate->verdict, gate->judged[quantity].verdict);
    }
    if (gate->trouble != NULL)
        gate->verdict = gate->trouble_of == SIDE_NEW ? DECISION_WORSE : DECISION_INCONCLUSIVE;
    if (gate->verdict == DECISION_OPEN)
        gate->verdict = DECISION_INCONCLUSIVE;
}

static void make_profile(struct gate *gate, struct machine *machine)
{
    char *symbols = machine_kernel_symbols(machine, &gate->profile_trouble);
    profile_make(&gate->profile, gate->runs[SIDE_BASE], gate->runs[SIDE_NEW], gate->layouts,
                 symbols);
    free(symbols);
}

void gate_run(struct gate *gate, const struct gate_plan *plan, gate_progress_function *progress,
              void *context)
{
    *gate = (struct gate){.plan = plan, .trouble_of = SIDE_NONE};
    int64_t begin_ns = clock_now_ns();
    struct machine machine = {.is_stopped = plan->is_stopped};
    if (machine_open(&machine, &gate->trouble) == 0) {
        gate->parts = machine_parts_describe(&machine);
        gate->was_booted = machine.was_booted;
        run_all(gate, &machine, progress, context);
        if (plan->profiles && gate->layouts > 0 && !gate->is_cut)
            make_profile(gate, &machine);
    }
    machine_close(&machine);
    decide(gate);
    gate->elapsed_s = (double)(clock_now_ns() - begin_ns) / 1e9;
}

void gate_release(struct gate *gate)
{
    for (size_t side = 0; side < SIDES; side++)
        for (size_t i = 0; i < LAYOUTS_MAX; i++)
            counted_run_release(&gate->runs[side][i]);
    json_decref(gate->parts);
    profile_release(&gate->profile);
    free(gate->profile_trouble);
    free(gate->trouble);
    *gate = (struct gate){0};
}
