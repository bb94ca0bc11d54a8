#include "grader/grading/built_in.h"

#include "grader/checks/checks.h"
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

static bool is_part_of(const struct built_in *built_in, const char *name, const struct check *check)
{
    if (strcmp(name, BUILT_IN_SECOND_CLIENT) == 0)
        return check->play == play_second_client || check->play == play_second_afterwards;
    return check->use == CHECK_USUAL &&
           check_missing_key(check, &built_in->assignment.conduct) == NULL;
}

void built_in_finish(struct built_in *built_in, char *name)
{
    struct assignment *assignment = &built_in->assignment;
    assignment->id = name;
    assignment->is_unmarked = true;
    assignment->checks = built_in->checks;
    if (assignment->checks_count > 0)
        return;
    for (const struct check *check = checks; check->id != NULL; check++)
        if (is_part_of(built_in, name, check))
            built_in_add(built_in, check->id);
}
