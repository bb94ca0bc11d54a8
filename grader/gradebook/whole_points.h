/* Points for platforms that know whole numbers only.
 *
 * All are multiplied by the least of a few factors that makes them whole, the maxima too, so that
 * 5.5 of 10 is 11 of 20; where none does, points are rounded down and maxima up, and full marks
 * still need all points. */
#ifndef GRADER_GRADEBOOK_WHOLE_POINTS_H
#define GRADER_GRADEBOOK_WHOLE_POINTS_H

#include "grader/gradebook/graded.h"

/* The factor for a document. */
int whole_points_factor(const struct graded *graded);

json_int_t whole_points_score(double points, double max_points, int factor);
json_int_t whole_points_max(double max_points, int factor);

#endif
