/* proctor compare --counted: outside, and in the machine. */
#ifndef CLI_COMPARE_COUNTED_H
#define CLI_COMPARE_COUNTED_H

#include "bench/counted/gate.h"

/* Is this the proctor that the gate has started in the counted machine? */
bool compare_is_in_machine(void);

/* Its work: runs one side, and prints what it counted. An exit code. */
int compare_run_in_machine(const struct contender *contenders, const struct load_plan *load,
                           int64_t slice_ns);

struct comparison;

struct counted_output {
    const char *json_path;
    bool explains;
    bool is_strict;
    const struct comparison *timed; /* the same two servers by time, already printed; may be NULL */
};

/* The whole gate: `plan` lacks only its words, which are those of `argv`. An exit code, for what
 * was counted only. */
int compare_counted(struct gate_plan *plan, char **argv, const struct counted_output *output);

#endif
