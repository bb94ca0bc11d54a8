/* The sides of a comparison: two servers, and a second copy of the first. */
#ifndef RESULTS_MEASURES_SIDE_H
#define RESULTS_MEASURES_SIDE_H

enum side { SIDE_BASE, SIDE_NEW, SIDE_CONTROL, SIDES, SIDE_NONE = SIDES };

/* "base", "new", "control"; NULL for SIDE_NONE. And all of them, the last NULL. */
const char *side_name(enum side side);
extern const char *const side_names[];

/* SIDE_NONE for NULL and for what is none of them. */
enum side side_find(const char *word);

#endif
