/* proctor doctor: what this machine allows, and what each missing piece costs. */
#include "cli/commands.h"

#include "base/message.h"
#include "base/socket.h"
#include "grader/arena/arena_check.h"
#include "grader/arena/arena_walls.h"
#include "grader/arena/way.h"
#include "machine/parts.h"
#include "observe/event_counter.h"
#include "results/document/document.h"
#include "servers/models/models.h"
#include "servers/server.h"
#include "text/json_field.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 0 if this machine allows it, or -errno with the reason. */
typedef int probe_function(const char **reason);

struct probe {
    const char *name;
    probe_function *run;
    const char *cost; /* of its absence */
};

static int probe_io_uring(const char **reason)
{
    return server_model_check(server_model_find("io_uring"), reason);
}

static int probe_root(const char **reason)
{
    *reason = "not running as root";
    return geteuid() == 0 ? arena_check(ISOLATION_ROOT, reason) : -EPERM;
}

static int probe_user(const char **reason)
{
    return arena_check(ISOLATION_USER, reason);
}

static int probe_network(const char **reason)
{
    return arena_check(ISOLATION_NETWORK, reason);
}

/* As the one who will run a submission that is started here. */
static int probe_folder(const char **reason)
{
    static char text[PATH_MAX + 64];
    char shut[PATH_MAX] = "";
    char *folder = getcwd(NULL, 0);
    bool is_root = geteuid() == 0;
    int error = folder == NULL ? -errno
                : is_root      ? way_for_submission(folder, shut, sizeof shut)
                               : way_to_folder(folder, shut, sizeof shut);
    snprintf(text, sizeof text, "%s cannot enter %s",
             is_root ? "the submission's user" : "this user", folder == NULL ? "it" : shut);
    *reason = text;
    free(folder);
    return error;
}

static int probe_limits(const char **reason)
{
    struct limit_group group;
    limit_group_open(&group, &limits_default);
    *reason = "no control group with memory and processes can be made";
    int error = group.has_memory && group.has_processes ? 0 : -EACCES;
    limit_group_close(&group);
    return error;
}

static int probe_tracepoint(const char **reason)
{
    return event_counter_check(EVENT_SYSTEM_CALLS, reason);
}

static int probe_counted(const char **reason)
{
    static char text[PATH_MAX + 256];
    struct machine_parts parts;
    char *trouble = NULL;
    int error = machine_parts_find(&parts, &trouble);
    snprintf(text, sizeof text, "%s", trouble != NULL ? trouble : "");
    *reason = text;
    free(trouble);
    machine_parts_release(&parts);
    return error;
}

static const struct probe probes[] = {
    {"io_uring", probe_io_uring, "the model io_uring cannot be served"},
    {"root namespaces", probe_root, "submissions are isolated by user namespaces instead"},
    {"user namespaces", probe_user, "without root, submissions have no files of their own"},
    {"network only", probe_network,
     "without bubblewrap, submissions are refused, or not isolated at all"},
    {"this folder", probe_folder,
     "what lies here cannot be graded; start proctor elsewhere, or chmod a+x"},
    {"control groups", probe_limits, "limits of memory and processes are watched, not enforced"},
    {"tracepoint counters", probe_tracepoint, "system calls per request cannot be counted"},
    {"counted machine", probe_counted, "compare and bench cannot count instructions (--counted)"},
};

/* Prints what the probe finds, and returns it for the document. */
static json_t *run_probe(const struct probe *probe, FILE *stream)
{
    const char *reason = "";
    int error = probe->run(&reason);
    fprintf(stream, "%-4s %s\n", error == 0 ? "yes" : "no", probe->name);
    if (error == 0)
        return json_pack("{s:s, s:b, s:n, s:n, s:n}", "name", probe->name, "allowed", true,
                         "reason", "error", "cost");
    fprintf(stream, "       why: %s (%s)\n", reason, strerror(-error));
    fprintf(stream, "       so:  %s\n", probe->cost);
    return json_pack("{s:s, s:b, s:s, s:s, s:s}", "name", probe->name, "allowed", false, "reason",
                     reason, "error", strerrorname_np(-error), "cost", probe->cost);
}

/*** Walls ***/

static bool is_allowed(const json_t *findings, const char *name)
{
    size_t i = 0;
    const json_t *finding = NULL;
    json_array_foreach (findings, i, finding)
        if (field_is_word(finding, "name", name))
            return json_is_true(json_object_get(finding, "allowed"));
    return false;
}

/* What a grading would get here without --isolation. */
static enum isolation best_level(const json_t *findings)
{
    for (enum isolation level = ISOLATION_ROOT; level < ISOLATION_NONE; level++)
        if (is_allowed(findings, isolation_name(level)))
            return level;
    return ISOLATION_NONE;
}

/* Prints one table of what holds here, and returns it for the document. */
static json_t *report_walls(enum isolation level, FILE *stream)
{
    struct arena_wall walls[ARENA_WALLS_MAX];
    size_t count = arena_walls(level, walls);
    json_t *described = json_array();
    fprintf(stream, "\nWhat keeps a submission where it is, at the level '%s':\n",
            isolation_name(level));
    for (size_t i = 0; i < count; i++) {
        const struct arena_wall *wall = &walls[i];
        fprintf(stream, "%-9s%-23s%s\n", hold_name(wall->hold), wall->subject, wall->held_by);
        if (wall->remedy != NULL)
            fprintf(stream, "%32sbetter: %s\n", "", wall->remedy);
        json_array_append_new(described,
                              json_pack("{s:s, s:s, s:s, s:s?}", "subject", wall->subject, "hold",
                                        hold_name(wall->hold), "held_by", wall->held_by, "remedy",
                                        wall->remedy));
    }
    return described;
}

/*** The command ***/

static const struct command_option table[] = {
    {"json", OPTION_TEXT, GROUP_NONE, "FILE",
     "Also write the findings as JSON; - is standard output",
     .offset = 0}, /* the path is the whole struct */
    {0},
};

const struct command_line doctor_line = {
    .tables = {{table, 0}},
    .help = "Tries everything proctor needs of this machine, and says what is missing and what "
            "that costs.\v"
            "Example:\n  proctor doctor",
};

int doctor_command(int argc, char **argv)
{
    const char *json_path = NULL;
    options_parse(&doctor_line, argc, argv, &json_path);
    FILE *text = command_text_stream(json_path);
    json_t *findings = json_array();
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++)
        json_array_append_new(findings, run_probe(&probes[i], text));
    fprintf(text, "%ld cores; %zu descriptors, so about that many clients per process\n",
            sysconf(_SC_NPROCESSORS_ONLN), socket_raise_descriptor_limit());

    json_t *walls = report_walls(best_level(findings), text);
    json_t *document = document_new(SCHEMA_DOCTOR);
    json_object_set_new(document, "findings", findings);
    json_object_set_new(document, "walls", walls);
    command_write_document(document, json_path);
    return EXIT_YES;
}
