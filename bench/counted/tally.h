/* Counts what tasks do, with histograms that the kernel keeps (its "hist" triggers): exact, and by
 * task, so that those of the server can be told from all others afterwards. For root, in a machine
 * of its own: it makes every counted event a little slower. */
#ifndef BENCH_COUNTED_TALLY_H
#define BENCH_COUNTED_TALLY_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

enum tally { TALLY_CALLS, TALLY_SWITCHES, TALLY_WAKE_UPS, TALLY_FAULTS, TALLIES };

/* The tasks that are not the server's. */
struct bystanders {
    pid_t *tids; /* owned */
    size_t count;
};

/* Adds all tasks that there are now, or those of one process. */
void bystanders_add_all(struct bystanders *bystanders);
void bystanders_add(struct bystanders *bystanders, pid_t pid);
void bystanders_release(struct bystanders *bystanders);

/* Begins to count; what was counted before is forgotten. 0 or -errno. */
int tally_begin(void);

/* How many of each there were of tasks that are no bystanders; system calls by their names in a new
 * object `*calls`. Ends counting. */
void tally_end(const struct bystanders *bystanders, double counts[TALLIES], json_t **calls);

/* The task and the name of the call ("" where there is none) in a line of such a histogram, and how
 * often; false if it is none. `name` has room for 64 bytes. */
bool tally_read_line(const char *line, pid_t *tid, char *name, double *count);

#endif
