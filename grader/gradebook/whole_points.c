#include "grader/gradebook/whole_points.h"

#include <math.h>

static const int factors[] = {1, 2, 4, 5, 10, 20, 25, 50, 100};

static bool is_whole(double value)
{
    return fabs(value - round(value)) < 1e-6;
}

static bool makes_whole(const struct graded *graded, int factor)
{
    bool whole = is_whole(graded->points * factor) && is_whole(graded->max_points * factor);
    struct graded_check check = {0};
    while (whole && graded_next_check(&check, graded))
        whole = is_whole(check.points * factor) && is_whole(check.max_points * factor);
    return whole;
}

int whole_points_factor(const struct graded *graded)
{
    size_t count = sizeof factors / sizeof factors[0];
    size_t i = 0;
    while (i + 1 < count && !makes_whole(graded, factors[i]))
        i++;
    return factors[i];
}

json_int_t whole_points_score(double points, double max_points, int factor)
{
    return (json_int_t)(points >= max_points ? ceil(points * factor - 1e-6)
                                             : floor(points * factor + 1e-6));
}

json_int_t whole_points_max(double max_points, int factor)
{
    return (json_int_t)ceil(max_points * factor - 1e-6);
}
