/* What a client must get: answers, one after the other or in any order, each recognised in the
 * bytes that have come so far.
 *
 * An answer takes bytes in any pieces, knows no socket and no time. It is complete, incomplete or
 * wrong; what is complete is taken off, and the next one begins behind it.
 */
#ifndef GRADER_PROTOCOLS_ANSWER_H
#define GRADER_PROTOCOLS_ANSWER_H

#include "grader/protocols/pattern.h"

#include <stdint.h>

struct answer_http;

enum taken {
    TAKEN_PART,  /* more must come */
    TAKEN_WHOLE, /* it is there */
    TAKEN_OPEN,  /* it is there, and may go on */
    TAKEN_WRONG, /* whatever more comes */
};

/* What a client has got and no answer has taken yet. */
struct incoming {
    const char *data;
    size_t count;
    bool has_ended; /* the connection, in an orderly way */
    bool is_final;  /* nothing more will come */
};

struct answer {
    const struct answer_kind *kind;
    struct bytes text;        /* of ANSWER_BYTES and ANSWER_PRINTED */
    struct patterns patterns; /* of the others */
    size_t frame_bytes;       /* of a number in front of it, that says how long it is; or 0 */
    struct answer_http *http; /* of ANSWER_HTTP (http_message.h) */
    bool may_lack;            /* it need not come */
};

struct answer_kind {
    /* Looks at what has come, and says in `*length` how much of it a whole one has. */
    enum taken (*take)(struct answer *answer, const struct incoming *incoming, size_t *length);

    /* Appends what is expected, for people: printable, in one line, and not long. */
    void (*show)(const struct answer *answer, struct bytes *text);

    /* The least number of bytes that it has. */
    size_t (*least_bytes)(const struct answer *answer);

    /* Says a whole one that nothing more comes on this connection? NULL: no. */
    bool (*is_last)(const struct answer *answer);

    /* Frees what is its own. NULL: nothing. */
    void (*release)(struct answer *answer);
};

extern const struct answer_kind answer_bytes;   /* just these */
extern const struct answer_kind answer_pattern; /* from its first byte on */
extern const struct answer_kind answer_line;    /* the next line, in which each pattern is found */
extern const struct answer_kind answer_end;     /* the connection ends, and nothing comes before */
extern const struct answer_kind answer_printed; /* lines, somewhere in what was printed */

/* The answers that a client waits for. All zero: none. */
struct answers {
    struct answer *all;
    size_t count;
    bool is_unordered; /* they may come in any order */
    bool is_told;      /* what it is told of others is among them */
    bool is_last;      /* one that was taken says that nothing more comes on this connection */
    size_t taken;      /* how many were taken off since the client came */
};

/* A new one at the end, all zero but for its kind; valid until the next one is added. */
struct answer *answers_add(struct answers *answers, const struct answer_kind *kind);

/* The text with a line end behind it, or not, and so on: the bytes are copied. */
void answers_add_bytes(struct answers *answers, const struct answer_kind *kind, const void *data,
                       size_t count);
void answers_remove(struct answers *answers, size_t number);

/* Forgets those that it waits for. */
void answers_clear(struct answers *answers);
void answers_release(struct answers *answers);

/* How many have to come; and how many bytes they have at least. */
size_t answers_due(const struct answers *answers);
size_t answers_least_bytes(const struct answers *answers);

/* Are all that have to come plain bytes? Then these are appended to `text`. */
bool answers_are_bytes(const struct answers *answers, struct bytes *text);

/* Takes off all answers that are whole, with their bytes, of which `*taken_bytes` becomes the
 * number. TAKEN_WHOLE: none is due any more, and behind them nothing or, if `*taken_bytes` is less
 * than `incoming` has, too much has come; the others as above. */
enum taken answers_take(struct answers *answers, const struct incoming *incoming,
                        size_t *taken_bytes);

/* The same of a datagram, which is one answer as a whole, and nothing besides: true if it is, and
 * then that answer is taken off. */
bool answers_take_datagram(struct answers *answers, const void *data, size_t count);

/* The bytes up to the end of the next line, without it in `*line_bytes`; 0: it has no end yet. */
size_t line_find(const struct incoming *incoming, size_t *line_bytes);

#endif
