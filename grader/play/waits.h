/* Where each task of a submission waited while a check was played, as far as looks have shown.
 *
 * A spell is a time in which a task was seen in one and the same wait: it begins with the first
 * look that saw it there and ends with the last. In between it may have woken up and gone back;
 * what it did between two spells was not seen.
 */
#ifndef GRADER_PLAY_WAITS_H
#define GRADER_PLAY_WAITS_H

#include "observe/waiting/said.h"

#include <jansson.h>
#include <stdint.h>

struct task_list;
struct waits;

/* Times count from `begin_ns`; waits_finish() frees. */
struct waits *waits_new(int64_t begin_ns);

/* Notes where the tasks wait at `now_ns`; `name` with its context names sockets. Reads /proc only
 * for tasks that have moved. */
void waits_look(struct waits *waits, const struct task_list *tasks, int64_t now_ns,
                socket_name_function *name, const void *context);

/* Adds those processes to the evidence that were seen once and are not among the tasks any more. */
void waits_show_ended(const struct waits *waits, const struct task_list *tasks, json_t *evidence);

/* Adds the spells to the events of `*timeline` (NULL: none yet), by their time: {"t_ms",
 * "until_ms", "actor": "task 371 (python3)", "action": "waits", "text": "recvfrom on client 1",
 * "pid", "tid"}. `*left_out` becomes {"tasks", "waits"} if there was more than there is room for,
 * and stays NULL otherwise. Frees. */
void waits_finish(struct waits *waits, json_t **timeline, json_t **left_out);

#endif
