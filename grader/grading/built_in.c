#include "grader/grading/built_in.h"

#include "grader/checks/checks.h"
#include "grader/checks/ending.h"
#include "grader/checks/leaving.h"
#include "grader/checks/together.h"

#include <string.h>

bool built_in_is_called(const char *name)
{
    return strcmp(name, BUILT_IN_SECOND_CLIENT) == 0 || strcmp(name, BUILT_IN_CHECKS) == 0;
}

bool built_in_add(struct built_in *built_in, const char *id)
{
    const struct check *check = check_find(id);
    unsigned *count = &built_in->assignment.checks_count;
    if (check != NULL && *count < ASSIGNMENT_CHECKS_MAX)
        built_in->checks[(*count)++].id = check->id;
    return check != NULL;
}

/* What is said of the server asks for the check of it. */
static bool is_asked_for(const struct conduct *conduct, const struct check *check)
{
    return (check == &check_stop_word && conduct->stop_word != NULL) ||
           (check == &check_is_model && conduct->model != NULL) ||
           (check == &check_ends_when && conduct->ends_when != NULL);
}

static bool is_part_of(const struct built_in *built_in, const char *name, const struct check *check)
{
    if (strcmp(name, BUILT_IN_SECOND_CLIENT) == 0)
        return check == &check_second_client || check == &check_second_client_afterwards;
    return !check->only_on_request || is_asked_for(&built_in->assignment.conduct, check);
}

void built_in_finish(struct built_in *built_in, char *name)
{
    struct assignment *assignment = &built_in->assignment;
    assignment->id = name;
    assignment->is_unmarked = true;
    assignment->checks = built_in->checks;
    if (assignment->checks_count > 0)
        return;
    for (size_t i = 0; checks[i] != NULL; i++)
        if (is_part_of(built_in, name, checks[i]))
            built_in_add(built_in, checks[i]->id);
}
