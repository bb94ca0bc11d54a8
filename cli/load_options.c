#include "cli/load_options.h"

#include "base/clock.h"
#include "base/socket.h"
#include "cli/command.h"

#define OWN_DESCRIPTORS 32 /* of proctor itself, generously */

enum option_key {
    OPTION_CLIENTS = 'c',
    OPTION_THREADS = 't',
    OPTION_IDLE = 'i' + 256,
    OPTION_SIZE = 's' + 256,
};

static const struct argp_option options[] = {
    {"clients", OPTION_CLIENTS, "N", 0, "Clients connected at once (default 64)", 0},
    {"threads", OPTION_THREADS, "N", 0, "Threads that play them (default 1)", 0},
    {"idle", OPTION_IDLE, "N", 0, "Clients that are connected beside them and say nothing", 0},
    {"size", OPTION_SIZE, "BYTES", 0, "Size of a request and of its reply (default 64)", 0},
    {0},
};

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
        .size_bytes = 64,
        .connect_timeout_ns = 5 * NS_PER_S,
        .grace_ns = grace_ns,
        .seed = 1,
    };
}

void load_options_check_descriptors(const struct argp_state *state, const struct load_plan *plan,
                                    size_t loads)
{
    size_t needed = loads * (plan->clients + plan->silent + 2 * plan->threads) + OWN_DESCRIPTORS;
    size_t limit = socket_raise_descriptor_limit();
    if (needed > limit)
        usage_error(state,
                    "--clients, --idle: %zu times %u clients need %zu descriptors; the limit here "
                    "is %zu",
                    loads, plan->clients + plan->silent, needed, limit);
}
