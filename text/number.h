/* Numbers of a report as people read them: with a unit, and no more digits than their noise leaves
 * a meaning. What has not been measured is NaN here and a dash in the report. */
#ifndef TEXT_NUMBER_H
#define TEXT_NUMBER_H

#include "base/bytes.h"

enum unit {
    UNIT_COUNT,        /* 2.03 */
    UNIT_PER_SECOND,   /* 175k/s */
    UNIT_NANOSECONDS,  /* 1.42 ms */
    UNIT_MICROSECONDS, /* the same, of microseconds */
    UNIT_SECONDS,      /* the same, of seconds */
    UNIT_BYTES,        /* 37.5 KiB */
    UNIT_PARTS,        /* 4.2 %, of shares of 1 */
};

/* Room for what number_text() writes. */
#define NUMBER_TEXT_BYTES 48

/* Writes the value with its unit; `noise` is how far it may be off, in the same unit, and NaN or 0
 * if that is not known: then there are three digits. Returns `text`. */
const char *number_text(char text[NUMBER_TEXT_BYTES], enum unit unit, double value, double noise);

/* The same for a label of an axis: no zeros after the last digit that says something. */
const char *number_tick_text(char text[NUMBER_TEXT_BYTES], enum unit unit, double value);

/* Writes a change, "+3.2 %" or "−0.4 %", to a tenth of a percent at the finest. */
const char *number_change_text(char text[NUMBER_TEXT_BYTES], double change, double noise);

/* Append the same as text of a page; noise beside the value, as "±4 %", if there is any. */
void number_append(struct bytes *out, enum unit unit, double value, double noise);
void number_append_with_noise(struct bytes *out, enum unit unit, double value, double noise);
void number_append_change(struct bytes *out, double change, double noise);

/* "+3.2 to +4.1 %", the ends of a change's interval; a dash if it has none. */
void number_append_interval(struct bytes *out, double low, double high);

#endif
