/* The options that say what a load's clients talk about. A child of `load`'s parser. */
#ifndef CLI_LOAD_PROTOCOL_H
#define CLI_LOAD_PROTOCOL_H

#include <argp.h>

/* Its input is a struct load_plan, already holding the defaults. */
extern const struct argp load_protocol_parser;

#endif
