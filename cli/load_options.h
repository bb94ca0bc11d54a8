/* The options that `load` and `bench` share: who the clients are. A child of both parsers. */
#ifndef CLI_LOAD_OPTIONS_H
#define CLI_LOAD_OPTIONS_H

#include "loadgen/load.h"

#include <argp.h>

/* Its input is a struct load_plan, already holding the defaults. */
extern const struct argp load_options_parser;

/* What both begin with: 64 clients in one thread, echo of 64 bytes. */
struct load_plan load_options_defaults(int64_t grace_ns);

/* Ends the program with EXIT_USAGE if `loads` such loads would need more descriptors than there
 * are. Raises the limit to what is allowed. */
void load_options_check_descriptors(const struct argp_state *state, const struct load_plan *plan,
                                    size_t loads);

#endif
