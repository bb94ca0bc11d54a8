/* Is what a submission's client got like what the reference's got?
 *
 * A client of the one has another port than the same client of the other: where the reference
 * answers with the port of a client, in decimal digits, that of the submission's counts. Bytes are
 * compared, and whether the connection has ended; never times, or in which pieces the
 * bytes came. What is ignored is left out of both first: "space" (how much white space stands
 * between two words, and whether any stands at the ends of a line), "case" (of the letters A to Z),
 * and what any of the patterns matches.
 */
#ifndef GRADER_ORACLE_LIKENESS_H
#define GRADER_ORACLE_LIKENESS_H

#include "base/bytes.h"
#include "grader/protocols/pattern.h"

#include <jansson.h>
#include <stdint.h>

#define IGNORING_SPACE "space"
#define IGNORING_CASE  "case"

struct encounter;
struct player;

/* What a client of the reference got. */
struct got {
    struct bytes bytes;
    bool has_ended;
    uint16_t *ports; /* of all its clients, in their order; 0: not connected */
    size_t port_count;
};

/* What the player has got; `got` was all zero. got_release() makes it so again. */
void got_note(struct got *got, const struct encounter *encounter, const struct player *player);
void got_release(struct got *got);

struct likeness {
    bool ignores_space;
    bool ignores_case;
    struct patterns ignored;
};

enum alikeness {
    ALIKE,
    INCOMPLETE, /* it begins alike, and more may come */
    UNLIKE,
};

/* `ignoring` as an assignment has it, which has been checked. */
void likeness_init(struct likeness *likeness, char *const *ignoring, unsigned count);
void likeness_release(struct likeness *likeness);

/* The bytes without what is ignored; to be released. */
struct bytes likeness_reduce(const struct likeness *likeness, const char *data, size_t count);

/* `came` is one of the encounter's players. */
enum alikeness likeness_compare(const struct likeness *likeness, const struct encounter *encounter,
                                const struct player *came, const struct got *wanted);

/* The same of two runs of the reference. */
bool likeness_is_same(const struct likeness *likeness, const struct got *one,
                      const struct got *other);

/* Adds what the player got, what the reference's did, and where the two part. */
void likeness_note(const struct likeness *likeness, json_t *evidence, const struct player *came,
                   const struct got *wanted);

#endif
