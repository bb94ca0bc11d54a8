#include "grader/grading/reference_setup.h"

#include "base/address.h"
#include "base/memory.h"
#include "base/socket.h"
#include "grader/grading/material.h"
#include "grader/grading/shell_line.h"
#include "grader/grading/start.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Without anything of its own it runs in an empty folder. */
static int make_folder(struct reference_setup *setup, const struct assigned_reference *reference,
                       const struct material_origin *origin)
{
    const struct material material = {.bring = reference->bring};
    int error = material_make(&material, origin, &setup->folder);
    if (error < 0)
        return error;
    if (setup->folder == NULL) {
        setup->folder = text_of("%s/reference-XXXXXX", origin->scratch);
        if (mkdtemp(setup->folder) == NULL)
            return -errno;
    }
    return chmod(setup->folder, 0755) < 0 ? -errno : 0;
}

/* It is a server like any other, whatever submissions must do besides. */
static struct conduct conduct_of(const struct conduct *conduct)
{
    return (struct conduct){
        .role = ROLE_SERVER, .port = conduct->port, .protocol = conduct->protocol};
}

static void plan(struct reference_setup *setup, const struct stage_plan *usual)
{
    setup->stage = (struct stage_plan){
        .arena = {.command = setup->command,
                  .isolation = usual->arena.isolation,
                  .folder = setup->folder,
                  .end_ns = usual->arena.end_ns},
        .conduct = &setup->conduct,
        .patience_ns = usual->patience_ns,
        .values = usual->values,
        .seed = usual->seed,
    };
}

/* A port that nobody has just now; 0: there is none. */
static uint16_t free_port(void)
{
    struct address address = {.length_bytes = 0};
    address_parse_host("127.0.0.1", 0, &address);
    int fd = socket_listen(&address, 1);
    bool is_known = fd >= 0 && address_of_socket(fd, &address) == 0;
    if (fd >= 0)
        close(fd);
    return is_known ? address_port(&address) : 0;
}

/* Where both share a network, the submission's port is taken. */
static void plan_elsewhere(struct reference_setup *setup, const struct shell_line *line,
                           struct shell_values values)
{
    struct reference_elsewhere *elsewhere = &setup->elsewhere;
    values.port = free_port();
    if (strstr(line->line, "{port}") == NULL || values.port == 0)
        return;
    elsewhere->command = shell_command_new(line, &values);
    elsewhere->conduct = setup->conduct;
    elsewhere->conduct.port = (uint16_t)values.port;
    elsewhere->stage = setup->stage;
    elsewhere->stage.arena.command = elsewhere->command;
    elsewhere->stage.conduct = &elsewhere->conduct;
    setup->stage.elsewhere = &elsewhere->stage;
}

int reference_setup_init(struct reference_setup *setup, const struct assignment *assignment,
                         const struct starts *starts, const struct stage_plan *usual,
                         const char *scratch)
{
    const struct assigned_reference *reference = assignment->reference;
    *setup = (struct reference_setup){.folder = NULL};
    if (reference == NULL)
        return 0;
    if (reference->bring != NULL) {
        char *place = text_of("%s/%s", assignment->folder, reference->bring);
        setup->hidden = realpath(place, NULL);
        free(place);
    }
    int error = 0;
    if (scratch != NULL)
        error = make_folder(setup, reference,
                            &(struct material_origin){.beside = assignment->folder,
                                                      .seed = usual->seed,
                                                      .scratch = scratch,
                                                      .values = usual->values});
    else
        setup->folder = text_of("%s", setup->hidden != NULL ? setup->hidden : assignment->folder);
    if (error < 0)
        return error;
    setup->conduct = conduct_of(&assignment->conduct);
    const struct shell_line line = {.line = reference->run};
    const struct shell_values values = {.folder = setup->folder,
                                        .out = "./program.out",
                                        .port = assignment->conduct.port,
                                        .ports = starts->ports,
                                        .port_count = starts->port_count,
                                        .values = usual->values};
    setup->command = shell_command_new(&line, &values);
    plan(setup, usual);
    plan_elsewhere(setup, &line, values);
    return 0;
}

void reference_setup_release(struct reference_setup *setup)
{
    shell_command_free(setup->command);
    shell_command_free(setup->elsewhere.command);
    free(setup->folder);
    free(setup->hidden);
    *setup = (struct reference_setup){.folder = NULL};
}
