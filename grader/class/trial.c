#include "grader/class/trial.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/assignment/assignment.h"
#include "grader/gradebook/graded.h"
#include "text/json_field.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The name of an entry that fits: a pattern without wildcards, or one made from the first. */
static char *empty_path(const struct assignment *assignment, const char *folder)
{
    const struct assigned_program *first = assignment_main_program(assignment);
    char *const *entry = first != NULL ? first->entry : assignment->entry;
    unsigned count = first != NULL ? first->entry_count : assignment->entry_count;
    for (unsigned i = 0; i < count; i++)
        if (strpbrk(entry[i], "*?[/") == NULL)
            return text_of("%s/%s", folder, entry[i]);
    const char *suffix = count > 0 ? strrchr(entry[0], '.') : NULL;
    return text_of("%s/empty%s", folder, suffix != NULL ? suffix : "");
}

int trial_make_empty(const struct assignment *assignment, const char *folder, char **path)
{
    *path = empty_path(assignment, folder);
    int fd = open(*path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return -errno;
    close(fd);
    return 0;
}

bool trial_judge(const json_t *grades, struct bytes *out)
{
    bool is_all_right = true;
    size_t i = 0;
    const json_t *grade = NULL;
    json_array_foreach (grades, i, grade) {
        double points = field_number(grade, "points", 0);
        bool is_solution = i + 1 < json_array_size(grades);
        bool is_right = is_solution ? field_is_word(grade, "verdict", "pass") : points == 0;
        bytes_print(out,
                    is_solution && is_right ? _("solution %s: %g of %g points, as required")
                    : is_solution ? _("solution %s: %g of %g points; it must get all of them")
                    : is_right    ? _("empty file %s: %g of %g points, as required")
                                  : _("empty file %s: %g of %g points; it must get none"),
                    graded_id(grade), points, field_number(grade, "max_points", 0));
        bytes_print(out, "\n");
        is_all_right = is_all_right && is_right;
    }
    return is_all_right;
}
