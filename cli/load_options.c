#include "cli/load_options.h"

#include "base/clock.h"
#include "base/message.h"
#include "base/socket.h"
#include "loadgen/engines/engines.h"
#include "loadgen/protocols/protocols.h"

#include <stdlib.h>
#include <string.h>

#define OWN_DESCRIPTORS 32 /* for proctor's own files, with room to spare */

/*** Clients ***/

/* Reads "2,4-6". */
static void read_cpus(struct argp_state *state, const struct command_option *option, char *value,
                      void *field)
{
    struct load_options *options = field;
    struct load_plan *plan = &options->plan;
    plan->cpu_count = 0;
    const char *place = value;
    do {
        char *end = NULL;
        unsigned long first = strtoul(place, &end, 10);
        bool is_number = end != place;
        unsigned long last = first;
        if (*end == '-') {
            place = end + 1;
            last = strtoul(place, &end, 10);
            is_number = is_number && end != place;
        }
        if (!is_number || last < first || last >= LOAD_CPUS_MAX || (*end != ',' && *end != '\0'))
            usage_error(state, "--%s: '%s' is not a list of processors (like 1 or 2,4-6)",
                        option->name, value);
        for (; first <= last && plan->cpu_count < LOAD_CPUS_MAX; first++)
            options->cpus[plan->cpu_count++] = (unsigned)first;
        place = end + 1;
    } while (place[-1] == ',');
    plan->cpus = options->cpus;
}

static void read_engine(struct argp_state *state, const struct command_option *option, char *value,
                        void *field)
{
    const struct engine *engine = engine_find(value);
    const char *reason = NULL;
    if (engine == NULL)
        usage_error(state, "--%s: unknown engine '%s'; use epoll or io_uring", option->name, value);
    if (engine->check(&reason) < 0)
        die(EXIT_PROCTOR_FAILED, "%s: --%s %s: %s", state->name, option->name, value, reason);
    *(const struct engine **)field = engine;
}

#define FIELD(member) OPTION_FIELD(struct load_options, member)

const struct command_option load_options[] = {
    {"clients", OPTION_COUNT, GROUP_CLIENTS, "N", "Clients connected at once (default 64)",
     FIELD(plan.clients), .least = 1, .most = 1000000, .letter = 'c'},
    {"threads", OPTION_COUNT, GROUP_CLIENTS, "N", "Threads to run the clients in (default 1)",
     FIELD(plan.threads), .least = 1, .most = 1024, .letter = 't'},
    {"idle", OPTION_COUNT, GROUP_CLIENTS, "N", "Additional clients that connect and stay silent",
     FIELD(plan.silent), .most = 1000000},
    {"slow-readers", OPTION_COUNT, GROUP_CLIENTS, "N",
     "Additional clients that request endlessly and read 10 KiB/s", FIELD(plan.slow_readers),
     .most = 100000},
    {"depth", OPTION_COUNT, GROUP_CLIENTS, "N",
     "Most requests outstanding on a connection (default 1)", FIELD(plan.depth), .least = 1,
     .most = 4096},
    {"requests-per-connection", OPTION_COUNT, GROUP_CLIENTS, "N",
     "Reconnect after this many requests (default: never)", FIELD(plan.requests_per_connection),
     .least = 1, .most = INT32_MAX},
    {"ramp", OPTION_DURATION, GROUP_SCHEDULE, "TIME",
     "Spread connecting over this time (default: all at once)", FIELD(plan.ramp_ns),
     .most = HOUR_NS},
    {"connect-timeout", OPTION_DURATION, GROUP_SCHEDULE, "TIME",
     "Give up connecting this long after the ramp (default 5s)", FIELD(plan.connect_timeout_ns),
     .least = NS_PER_MS, .most = HOUR_NS},
    {"grace", OPTION_DURATION, GROUP_SCHEDULE, "TIME",
     "Wait this long for outstanding replies; the rest count as in flight", FIELD(plan.grace_ns),
     .most = HOUR_NS},
    {"size", OPTION_COUNT, GROUP_PROTOCOL, "BYTES",
     "Size of a request and of its reply (default 64)", FIELD(plan.size_bytes), .least = 1,
     .most = 1 << 30},
    {"engine", OPTION_CUSTOM, GROUP_MEASURING, "NAME",
     "How the generator waits: epoll or io_uring (default: the one known to be cheaper here)",
     .offset = offsetof(struct load_options, plan.engine), .read = read_engine},
    {"pin", OPTION_CUSTOM, GROUP_MEASURING, "CPUS",
     "Pin the threads to these processors in turn, like 1 or 2,4-6", .read = read_cpus},
    {0},
};

/*** The protocol ***/

static void read_expected(struct argp_state *state, const struct command_option *option,
                          char *value, void *field)
{
    struct load_plan *plan = field;
    if (plan->expect != NULL)
        usage_error(state, "--%s: only one of --expect and --expect-prefix can be given",
                    option->name);
    plan->expect = option_unescaped(state, option, value);
    plan->expects_prefix = strcmp(option->name, "expect-prefix") == 0;
}

static void read_protocol(struct argp_state *state, const struct command_option *option,
                          char *value, void *field)
{
    const struct load_protocol **protocol = field;
    *protocol = load_protocol_find(value);
    if (*protocol == NULL)
        usage_error(state,
                    "--%s: unknown protocol '%s'; use echo, exchange, http, key-value or sink",
                    option->name, value);
}

static void read_path(struct argp_state *state, const struct command_option *option, char *value,
                      void *field)
{
    if (value[0] != '/' || strpbrk(value, " \r\n") != NULL)
        usage_error(state, "--%s: '%s' is not a path: it must begin with / and have no blanks",
                    option->name, value);
    *(const char **)field = option_text(state, value);
}

static const char *const readiness_words[] = {
    [READY_WHERE_EXPECTED] = "auto",
    [READY_YES] = "yes",
    [READY_NO] = "no",
};

const struct command_option load_protocol_options[] = {
    {"protocol", OPTION_CUSTOM, GROUP_PROTOCOL, "NAME",
     "echo (default), exchange, http, key-value or sink (one way; answered when acknowledged)",
     .offset = offsetof(struct load_options, plan.protocol), .read = read_protocol},
    {"exchange", OPTION_OLD_NAME, GROUP_PROTOCOL, "protocol", .help = NULL},
    {"frame", OPTION_CUSTOM, GROUP_PROTOCOL, "u8|u16|u32",
     "echo, exchange, sink: a length before each message, of so many bits, in network order; and "
     "no "
     "line end",
     FIELD(plan.frame_bytes), .read = option_read_frame, .protocol = "echo, exchange, sink"},
    {"send", OPTION_CUSTOM, GROUP_PROTOCOL, "TEXT",
     "exchange: send this line (a line end is added); \\r, \\n, \\t, \\\\ and \\xHH are replaced",
     FIELD(plan.send), .read = option_read_escaped, .protocol = "exchange"},
    {"expect", OPTION_CUSTOM, GROUP_PROTOCOL, "TEXT",
     "exchange: the reply must be this line (default: any line)", FIELD(plan),
     .read = read_expected, .protocol = "exchange"},
    {"expect-prefix", OPTION_CUSTOM, GROUP_PROTOCOL, "TEXT",
     "exchange: the reply must begin with this", FIELD(plan), .read = read_expected,
     .protocol = "exchange"},
    {"ready", OPTION_WORD, GROUP_PROTOCOL, "WHEN",
     "Before the load, wait until a request is answered as expected: yes, no, or auto (default), "
     "where a line or a page is expected",
     FIELD(plan.ready), .words = readiness_words, .most = READY_NO},
    {"path", OPTION_CUSTOM, GROUP_PROTOCOL, "PATH", "http: path to GET (default /)",
     FIELD(plan.path), .read = read_path},
    {0},
};

static void check_frame(const struct argp_state *state, const struct load_plan *plan)
{
    bool has_text = plan->protocol == &load_protocol_exchange;
    size_t length = has_text ? strlen(plan->send) : plan->size_bytes;
    if (plan->frame_bytes > 0 && length >> (8 * plan->frame_bytes) > 0)
        usage_error(state, "--frame: %zu bytes are too long for a length of %zu bits", length,
                    8 * plan->frame_bytes);
}

void load_options_check_protocol(const struct argp_state *state, const struct load_plan *plan)
{
    if (plan->protocol == &load_protocol_exchange && plan->send == NULL)
        usage_error(state, "--protocol exchange: missing --send TEXT");
    options_check_protocol(state, plan->protocol->name);
    check_frame(state, plan);
    if (plan->protocol != &load_protocol_http && strcmp(plan->path, "/") != 0)
        usage_error(state, "--path: only with --protocol http");
    if (plan->protocol == &load_protocol_sink && plan->slow_readers > 0)
        usage_error(state, "--slow-readers: a sink sends nothing to read; use another protocol");
}

/*** Both ***/

void load_options_check_threads(const struct argp_state *state, const struct load_plan *plan)
{
    if (plan->threads > plan->clients)
        usage_error(state, "--threads: %u threads for %u clients; use at most one per client",
                    plan->threads, plan->clients);
}

void load_options_check(const struct argp_state *state, const struct load_plan *plan, size_t loads)
{
    load_options_check_threads(state, plan);
    load_options_check_protocol(state, plan);
    size_t clients = (size_t)plan->clients + plan->silent + plan->slow_readers;
    size_t needed = loads * (clients + 2 * (size_t)plan->threads) + OWN_DESCRIPTORS;
    size_t limit = socket_raise_descriptor_limit();
    if (needed > limit)
        usage_error(state,
                    "--clients, --idle: %zu times %zu clients need %zu descriptors; the limit here "
                    "is %zu",
                    loads, clients, needed, limit);
}

void load_options_init(struct load_options *options, int64_t grace_ns)
{
    *options = (struct load_options){0};
    options->plan = (struct load_plan){
        .clients = 64,
        .threads = 1,
        .protocol = &load_protocol_echo,
        .path = "/",
        .depth = 1,
        .size_bytes = 64,
        .connect_timeout_ns = 5 * NS_PER_S,
        .grace_ns = grace_ns,
        .seed = 1,
    };
}
