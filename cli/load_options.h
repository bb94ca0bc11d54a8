/* The options that `load`, `bench` and `compare` share: the clients of a load and its protocol. */
#ifndef CLI_LOAD_OPTIONS_H
#define CLI_LOAD_OPTIONS_H

#include "cli/options/options.h"
#include "loadgen/load.h"

#define HOUR_NS       (3600 * NS_PER_S)
#define LOAD_CPUS_MAX 1024

struct load_options {
    struct load_plan plan; /* points to what follows, so this must not be copied */
    unsigned cpus[LOAD_CPUS_MAX];
};

/* Both tables fill in a struct load_options. The second is about the protocol. */
extern const struct command_option load_options[];
extern const struct command_option load_protocol_options[];

/* Sets the defaults: 64 clients in one thread, echo of 64 bytes. */
void load_options_init(struct load_options *options, int64_t grace_ns);

/* Ends the program with EXIT_USAGE if options contradict one another, or if `loads` such loads need
 * more descriptors than proctor may open. Raises that limit as far as allowed. */
void load_options_check(const struct argp_state *state, const struct load_plan *plan, size_t loads);

/* Only some of its checks, for `bench`, where a suite may say what is left open here. */
void load_options_check_threads(const struct argp_state *state, const struct load_plan *plan);
void load_options_check_protocol(const struct argp_state *state, const struct load_plan *plan);

#endif
