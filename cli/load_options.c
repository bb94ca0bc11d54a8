#include "cli/load_options.h"

#include "base/clock.h"
#include "base/message.h"
#include "base/socket.h"
#include "cli/command.h"
#include "loadgen/engines/engines.h"
#include "loadgen/protocols/protocol.h"

#include <stdlib.h>

#define OWN_DESCRIPTORS 32 /* of proctor itself, generously */

enum option_key {
    OPTION_CLIENTS = 'c',
    OPTION_THREADS = 't',
    OPTION_IDLE = 'i' + 256,
    OPTION_SIZE = 's' + 256,
    OPTION_SLOW_READERS,
    OPTION_DEPTH,
    OPTION_REQUESTS_PER_CONNECTION,
    OPTION_RAMP,
    OPTION_ENGINE,
    OPTION_PIN,
    OPTION_GRACE,
    OPTION_CONNECT_TIMEOUT,
};

static const struct argp_option options[] = {
    {"clients", OPTION_CLIENTS, "N", 0, "Clients connected at once (default 64)", 0},
    {"threads", OPTION_THREADS, "N", 0, "Threads that play them (default 1)", 0},
    {"idle", OPTION_IDLE, "N", 0, "Clients that are connected beside them and say nothing", 0},
    {"slow-readers", OPTION_SLOW_READERS, "N", 0,
     "Clients beside them that ask without end and read 10 KiB/s", 0},
    {"depth", OPTION_DEPTH, "N", 0, "Requests outstanding on a connection, at most (default 1)", 0},
    {"requests-per-connection", OPTION_REQUESTS_PER_CONNECTION, "N", 0,
     "Close each connection after so many requests and connect anew (default: keep it)", 0},
    {"ramp", OPTION_RAMP, "TIME", 0, "Spread connecting over this time (default: at once)", 0},
    {"connect-timeout", OPTION_CONNECT_TIMEOUT, "TIME", 0,
     "When connecting is given up, from the end of the ramp on (default 5s)", 0},
    {"grace", OPTION_GRACE, "TIME", 0,
     "How long replies are waited for after the end; what is missing then is in flight", 0},
    {"engine", OPTION_ENGINE, "NAME", 0,
     "How the generator waits: epoll or io_uring (default: the cheaper one, tried out first)", 0},
    {"pin", OPTION_PIN, "CPUS", 0, "Pin the threads to these processors in turn, like 1 or 2,4-6",
     0},
    {"size", OPTION_SIZE, "BYTES", 0, "Size of a request and of its reply (default 64)", 0},
    {0},
};

#define CPUS_MAX 1024

/* Only one load is read in a process; the plan points here. */
static unsigned cpus[CPUS_MAX];

/* Reads "2,4-6". */
static void take_cpus(const struct argp_state *state, struct load_plan *plan, const char *value)
{
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
        if (!is_number || last < first || last >= CPUS_MAX || (*end != ',' && *end != '\0'))
            usage_error(state, "--pin: '%s' is not a list of processors (like 1 or 2,4-6)", value);
        for (; first <= last && plan->cpu_count < CPUS_MAX; first++)
            cpus[plan->cpu_count++] = (unsigned)first;
        place = end + 1;
    } while (place[-1] == ',');
    plan->cpus = cpus;
}

static void take_engine(const struct argp_state *state, struct load_plan *plan, const char *value)
{
    const char *reason = NULL;
    plan->engine = engine_find(value);
    if (plan->engine == NULL)
        usage_error(state, "--engine: '%s' is neither epoll nor io_uring", value);
    if (plan->engine->check(&reason) < 0)
        die(EXIT_PROCTOR_FAILED, "%s: --engine %s: %s", state->name, value, reason);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct load_plan *plan = state->input;
    switch (key) {
    case OPTION_CLIENTS:
        plan->clients = (unsigned)option_count(state, "clients", value, 1, 1000000);
        return 0;
    case OPTION_THREADS:
        plan->threads = (unsigned)option_count(state, "threads", value, 1, 1024);
        return 0;
    case OPTION_IDLE:
        plan->silent = (unsigned)option_count(state, "idle", value, 0, 1000000);
        return 0;
    case OPTION_SIZE:
        plan->size_bytes = (size_t)option_count(state, "size", value, 1, 1 << 30);
        return 0;
    case OPTION_SLOW_READERS:
        plan->slow_readers = (unsigned)option_count(state, "slow-readers", value, 0, 100000);
        return 0;
    case OPTION_DEPTH:
        plan->depth = (unsigned)option_count(state, "depth", value, 1, 4096);
        return 0;
    case OPTION_REQUESTS_PER_CONNECTION:
        plan->requests_per_connection =
            (unsigned)option_count(state, "requests-per-connection", value, 1, INT32_MAX);
        return 0;
    case OPTION_RAMP:
        plan->ramp_ns = option_duration_ns(state, "ramp", value, 0, 3600 * NS_PER_S);
        return 0;
    case OPTION_GRACE:
        plan->grace_ns = option_duration_ns(state, "grace", value, 0, 3600 * NS_PER_S);
        return 0;
    case OPTION_CONNECT_TIMEOUT:
        plan->connect_timeout_ns =
            option_duration_ns(state, "connect-timeout", value, NS_PER_MS, 3600 * NS_PER_S);
        return 0;
    case OPTION_ENGINE:
        take_engine(state, plan, value);
        return 0;
    case OPTION_PIN:
        take_cpus(state, plan, value);
        return 0;
    case ARGP_KEY_END:
        if (plan->threads > plan->clients)
            usage_error(state, "--threads: %u threads for %u clients leave some without work",
                        plan->threads, plan->clients);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp load_options_parser = {.options = options, .parser = parse};

struct load_plan load_options_defaults(int64_t grace_ns)
{
    return (struct load_plan){
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

void load_options_check_descriptors(const struct argp_state *state, const struct load_plan *plan,
                                    size_t loads)
{
    size_t clients = (size_t)plan->clients + plan->silent + plan->slow_readers;
    size_t needed = loads * (clients + 2 * (size_t)plan->threads) + OWN_DESCRIPTORS;
    size_t limit = socket_raise_descriptor_limit();
    if (needed > limit)
        usage_error(state,
                    "--clients, --idle: %zu times %zu clients need %zu descriptors; the limit here "
                    "is %zu",
                    loads, clients, needed, limit);
}
