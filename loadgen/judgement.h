/* What a load thinks of its own figures: whether they are those of the server, or of the generator
 * and of the machine. */
#ifndef LOADGEN_JUDGEMENT_H
#define LOADGEN_JUDGEMENT_H

#include "loadgen/load.h"
#include "results/document/machine.h"

enum validity {
    VALID,
    SUSPECT, /* something else than the server may have had a share in the figures */
    INVALID, /* the figures say nothing about the server */
};

#define REASONS_MAX 12

struct judgement {
    enum validity verdict;
    bool breaks_little; /* Little's law: then rate or latency is wrong */
    size_t count;
    char *reasons[REASONS_MAX]; /* sentences; owned */
};

/* What the machine did during the load, where that is known. */
struct surroundings {
    struct machine_time machine;
    int64_t own_cpu_ns;   /* of this process and of the server's, together */
    bool server_is_known; /* or the server's share cannot be told from foreign load */
    char *clock;          /* its name; NULL: not known */
};

/* Judges the result. Release in every case. */
void judgement_make(struct judgement *judgement, const struct load_plan *plan,
                    const struct load_result *result, const struct surroundings *surroundings);
void judgement_release(struct judgement *judgement);

/* "valid", "suspect", "invalid" */
const char *validity_name(enum validity verdict);

#endif
