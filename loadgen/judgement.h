/* Whether the figures of a load describe the server, or rather the generator and the machine. */
#ifndef LOADGEN_JUDGEMENT_H
#define LOADGEN_JUDGEMENT_H

#include "loadgen/load.h"
#include "results/document/machine.h"

enum validity {
    VALID,
    SUSPECT, /* something other than the server may have influenced the figures */
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
    bool server_is_known; /* otherwise its share cannot be told from foreign load */
    char *clock;          /* its name; NULL: not known */
    unsigned
        starts; /* of a server in a bench, each of which may leave clients unserved; 0: a load */
    bool
        shares_processors; /* the generator, with all servers of a bench: no fault of one of them */
};

/* Judges the result. Release in every case. */
void judgement_make(struct judgement *judgement, const struct load_plan *plan,
                    const struct load_result *result, const struct surroundings *surroundings);
void judgement_release(struct judgement *judgement);

/* "valid", "suspect", "invalid" */
const char *validity_name(enum validity verdict);

#endif
