/* What a recording says of clients and listeners, as marks of its sequence diagram. */
#ifndef RESULTS_REPORT_RECORDED_CLIENTS_H
#define RESULTS_REPORT_RECORDED_CLIENTS_H

#include "results/report/recorded_people.h"

/* `was_there`: it is of the first look, and what led to it was not seen. */
void recorded_client_mark(struct sequence *sequence, struct recorded_people *people,
                          const struct recorded_client *client, int64_t t_ns, bool was_there);
void recorded_bytes_mark(struct sequence *sequence, struct recorded_people *people,
                         const struct recorded_bytes *bytes, int64_t t_ns);
void recorded_listener_mark(struct sequence *sequence, struct recorded_people *people,
                            const struct recorded_listener *listener, int64_t t_ns);

#endif
