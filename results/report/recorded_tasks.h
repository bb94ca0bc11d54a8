/* What a recording says of threads and processes, as marks of its sequence diagram. */
#ifndef RESULTS_REPORT_RECORDED_TASKS_H
#define RESULTS_REPORT_RECORDED_TASKS_H

#include "results/report/recorded_people.h"

void recorded_task_mark(struct sequence *sequence, struct recorded_people *people,
                        const struct recorded_task *task, int64_t t_ns);

#endif
