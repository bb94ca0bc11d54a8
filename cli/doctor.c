/* proctor doctor: what this machine allows, and what each missing piece costs. */
#include "cli/commands.h"

#include "base/message.h"
#include "base/socket.h"
#include "grader/arena/arena_check.h"
#include "observe/event_counter.h"
#include "results/document/document.h"
#include "servers/models/models.h"
#include "servers/server.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct finding {
    int error; /* 0: allowed */
    const char *reason;
};

typedef struct finding probe_function(void);

struct probe {
    const char *name;
    probe_function *run;
    const char *cost; /* of its absence */
};

static struct finding probe_io_uring(void)
{
    struct finding finding = {.reason = ""};
    finding.error = server_model_check(server_model_find("io_uring"), &finding.reason);
    return finding;
}

static struct finding probe_root(void)
{
    struct finding finding = {.error = -EPERM, .reason = "not running as root"};
    if (geteuid() == 0)
        finding.error = arena_check(ISOLATION_ROOT, &finding.reason);
    return finding;
}

static struct finding probe_user(void)
{
    struct finding finding = {.reason = ""};
    finding.error = arena_check(ISOLATION_USER, &finding.reason);
    return finding;
}

static struct finding probe_network(void)
{
    struct finding finding = {.reason = ""};
    finding.error = arena_check(ISOLATION_NETWORK, &finding.reason);
    return finding;
}

static struct finding probe_limits(void)
{
    struct limit_group group;
    limit_group_open(&group, &limits_default);
    struct finding finding = {.reason = "no control group with memory and processes can be made"};
    finding.error = group.has_memory && group.has_processes ? 0 : -EACCES;
    limit_group_close(&group);
    return finding;
}

static struct finding probe_tracepoint(void)
{
    struct finding finding = {.reason = ""};
    finding.error = event_counter_check(EVENT_SYSTEM_CALLS, &finding.reason);
    return finding;
}

static const struct probe probes[] = {
    {"io_uring", probe_io_uring, "the model io_uring cannot be served"},
    {"root namespaces", probe_root, "submissions are isolated by user namespaces instead"},
    {"user namespaces", probe_user, "without root, submissions have no files of their own"},
    {"network only", probe_network, "submissions run with no isolation at all"},
    {"control groups", probe_limits, "limits of memory and processes are watched, not enforced"},
    {"tracepoint counters", probe_tracepoint, "system calls per request cannot be counted"},
};

#define PROBES (sizeof probes / sizeof probes[0])

static void print_finding(FILE *stream, const struct probe *probe, const struct finding *finding)
{
    fprintf(stream, "%-4s %s\n", finding->error == 0 ? "yes" : "no", probe->name);
    if (finding->error == 0)
        return;
    fprintf(stream, "       why: %s (%s)\n", finding->reason, strerror(-finding->error));
    fprintf(stream, "       so:  %s\n", probe->cost);
}

static json_t *describe_finding(const struct probe *probe, const struct finding *finding)
{
    bool allowed = finding->error == 0;
    return json_pack("{s:s, s:b, s:s?, s:s?, s:s?}", "name", probe->name, "allowed", allowed,
                     "reason", allowed ? NULL : finding->reason,                 //
                     "error", allowed ? NULL : strerrorname_np(-finding->error), //
                     "cost", allowed ? NULL : probe->cost);
}

struct doctor_arguments {
    const char *json_path;
};

static const struct command_option table[] = {
    {"json", OPTION_TEXT, GROUP_NONE, "FILE",
     "Also write the findings as JSON; - is standard output",
     OPTION_FIELD(struct doctor_arguments, json_path)},
    {0},
};

static const struct command_line line = {
    .tables = {{table, 0}},
    .help = "Tries everything proctor needs of this machine, and says what is missing and what "
            "that costs.\v"
            "Example:\n  proctor doctor",
};

int doctor_command(int argc, char **argv)
{
    struct doctor_arguments arguments = {0};
    options_parse(&line, argc, argv, &arguments);
    FILE *text = command_text_stream(arguments.json_path);
    json_t *findings = json_array();
    for (size_t i = 0; i < PROBES; i++) {
        struct finding finding = probes[i].run();
        print_finding(text, &probes[i], &finding);
        json_array_append_new(findings, describe_finding(&probes[i], &finding));
    }
    size_t descriptors = socket_raise_descriptor_limit();
    fprintf(text, "%ld cores; %zu descriptors, so about that many clients per process\n",
            sysconf(_SC_NPROCESSORS_ONLN), descriptors);

    json_t *document = document_new(SCHEMA_DOCTOR);
    json_object_set_new(document, "findings", findings);
    command_write_document(document, arguments.json_path);
    return EXIT_YES;
}
