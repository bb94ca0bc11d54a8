#include "grader/grading/beside_setup.h"

#include "base/memory.h"
#include "grader/grading/shell_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Its material is the folder that it runs in; one without any has an empty one. */
static int make_folder(const struct assigned_beside *assigned, const struct material_origin *origin,
                       char **folder)
{
    int error = material_make(&assigned->material, origin, folder);
    if (error < 0)
        return error;
    if (*folder == NULL) {
        *folder = text_of("%s/beside-XXXXXX", origin->scratch);
        if (mkdtemp(*folder) == NULL)
            return -errno;
    }
    return chmod(*folder, 0755) < 0 ? -errno : 0;
}

static int set_up(struct beside *beside, const struct assigned_beside *assigned,
                  const struct starts *starts, const struct material_origin *origin)
{
    char *folder = NULL;
    int error = make_folder(assigned, origin, &folder);
    *beside = (struct beside){.name = assigned->name, .folder = folder, .port = assigned->port};
    if (error < 0)
        return error;
    const struct shell_line line = {.line = assigned->run};
    const struct shell_values values = {.folder = folder,
                                        .out = "./program.out",
                                        .port = assigned->port,
                                        .ports = starts->ports,
                                        .port_count = starts->port_count,
                                        .values = origin->values};
    beside->command = shell_command_new(&line, &values);
    return 0;
}

int beside_setup_init(struct beside_setup *setup, const struct assignment *assignment,
                      const struct starts *starts, const struct material_origin *origin)
{
    int error = 0;
    *setup = (struct beside_setup){.count = 0};
    for (unsigned i = 0; i < assignment->besides_count && error == 0; i++)
        error = set_up(&setup->list[setup->count++], &assignment->besides[i], starts, origin);
    return error;
}

void beside_setup_release(struct beside_setup *setup)
{
    for (size_t i = 0; i < setup->count; i++) {
        shell_command_free((char **)setup->list[i].command);
        free((char *)setup->list[i].folder);
    }
    setup->count = 0;
}
