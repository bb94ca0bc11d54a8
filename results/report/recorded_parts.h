/* A recording of many clients in parts, each of which has room for its clients: it is parted where
 * no client is there, as between two checks of a grading. */
#ifndef RESULTS_REPORT_RECORDED_PARTS_H
#define RESULTS_REPORT_RECORDED_PARTS_H

#include "results/recording/recording_read.h"

struct recorded_parts {
    struct recorded *parts; /* of the whole, whose texts they have; each begins with the tasks and
                             * listeners that there are */
    size_t count;
};

void recorded_parts_init(struct recorded_parts *parts, const struct recorded *recorded);
void recorded_parts_release(struct recorded_parts *parts);

#endif
