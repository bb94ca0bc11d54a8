/* Numbers as people read them: with a unit, in a report with no more digits than the noise allows.
 * What has not been measured is NaN here and a dash in the report. */
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

/* Room for each of the texts below. */
#define NUMBER_TEXT_BYTES 48

/* Writes the value with its unit; `noise` is how far it may be off, in the same unit, and NaN or 0
 * if that is not known: then there are three digits. Returns `text`. */
const char *number_text(char text[NUMBER_TEXT_BYTES], enum unit unit, double value, double noise);

/* The same for a label of an axis: no zeros after the last digit that says something. */
const char *number_tick_text(char text[NUMBER_TEXT_BYTES], enum unit unit, double value);

/* Writes a change, "+3.2 %" or "−0.4 %", to a tenth of a percent at the finest. */
const char *number_change_text(char text[NUMBER_TEXT_BYTES], double change, double noise);

/* Write a number for a terminal, with three digits and without a blank: "45.1us", "2.50s" or
 * "123k". Return `text`. */
const char *number_duration_text(char text[NUMBER_TEXT_BYTES], double duration_ns);
const char *number_count_text(char text[NUMBER_TEXT_BYTES], double count);

/* Append a number as text of a page; noise beside the value, as "±4 %", if there is any. */
void number_append(struct bytes *out, enum unit unit, double value, double noise);
void number_append_with_noise(struct bytes *out, enum unit unit, double value, double noise);

/* "+3.2 to +4.1 %", the ends of a change's interval; a dash if it has none. */
void number_append_interval(struct bytes *out, double low, double high);

#endif
