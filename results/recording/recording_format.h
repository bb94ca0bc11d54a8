/* The fields of each kind of line, as writer and reader use them: there is one table of the format,
 * so that what one writes the other reads. */
#ifndef RESULTS_RECORDING_RECORDING_FORMAT_H
#define RESULTS_RECORDING_RECORDING_FORMAT_H

#include <stddef.h>

enum recording_shape {
    SHAPE_TEXT,  /* const char * */
    SHAPE_ID,    /* int from 1; 0: null */
    SHAPE_COUNT, /* int64_t from 0 */
    SHAPE_TRUTH, /* bool */
    SHAPE_WORD,  /* an enum: the place in `words`; "" stands for null */
    SHAPE_OWNER, /* struct recorded_owner; pid 0: null */
    SHAPE_IDS,   /* const int *, with its number at `count_offset` */
    SHAPE_TEXTS, /* const char *const *, ending with NULL; or NULL: null */
    SHAPE_DATA,  /* const void *, with its size at `count_offset`; base64 */
};

struct recording_field {
    const char *key; /* NULL behind the last one */
    enum recording_shape shape;
    size_t offset; /* in the struct of the kind */
    size_t count_offset;
    const char *const *words;
    int is_wanted; /* a line without it is broken */
};

/* By enum recorded_kind; the fields of struct recorded_owner and of struct recorded_target. */
extern const struct recording_field *const recording_fields[];
extern const struct recording_field recording_owner_fields[];
extern const struct recording_field recording_target_fields[];

#endif
