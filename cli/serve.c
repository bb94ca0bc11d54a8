/* proctor serve: one of the reference servers. */
#include "cli/commands.h"

#include "base/message.h"
#include "servers/server.h"
#include "servers/service.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct serve_arguments {
    const struct server_model *model;
    const char *host;
    uint16_t port;
    struct service_options service;
};

enum option_key {
    OPTION_PROTOCOL = 'p',
    OPTION_HOST = 'h' + 256,
    OPTION_PORT,
    OPTION_BACKLOG,
    OPTION_MAX_CLIENTS,
    OPTION_WORKERS,
    OPTION_STOP_WORD,
    OPTION_QUIET,
};

static const struct argp_option options[] = {
    {"protocol", OPTION_PROTOCOL, "NAME", 0, "What it answers: echo (default) or sink", 0},
    {"host", OPTION_HOST, "ADDRESS", 0, "Address to listen on (default 127.0.0.1)", 0},
    {"port", OPTION_PORT, "N", 0, "Port to listen on; 0, the default, lets the kernel choose", 0},
    {"backlog", OPTION_BACKLOG, "N", 0, "Length of the accept queue (default 4096)", 0},
    {"workers", OPTION_WORKERS, "N", 0,
     "prefork, pool: how many processes or threads (default: as many as cores)", 0},
    {"max-clients", OPTION_MAX_CLIENTS, "N", 0,
     "fork, thread, pool: how many clients at once; others are refused (default 10k)", 0},
    {"stop-word", OPTION_STOP_WORD, "WORD", 0, "sink: leave a client that says this", 0},
    {"quiet", OPTION_QUIET, NULL, 0, "sink: do not print what clients say", 0},
    {0},
};

static void set_model(struct serve_arguments *arguments, const char *name,
                      const struct argp_state *state)
{
    arguments->model = server_model_find(name);
    if (arguments->model == NULL)
        usage_error(state, "there is no model '%s'; 'proctor list models' names them", name);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct serve_arguments *arguments = state->input;
    switch (key) {
    case OPTION_PROTOCOL:
        arguments->service.protocol = protocol_find(value);
        if (arguments->service.protocol == NULL)
            usage_error(state, "--protocol: there is no protocol '%s'", value);
        return 0;
    case OPTION_HOST:
        arguments->host = value;
        return 0;
    case OPTION_PORT:
        arguments->port = (uint16_t)option_count(state, "port", value, 0, UINT16_MAX);
        return 0;
    case OPTION_BACKLOG:
        arguments->service.backlog = (int)option_count(state, "backlog", value, 0, 1 << 20);
        return 0;
    case OPTION_MAX_CLIENTS:
        arguments->service.max_clients =
            (size_t)option_count(state, "max-clients", value, 1, 1 << 20);
        return 0;
    case OPTION_WORKERS:
        arguments->service.workers = (size_t)option_count(state, "workers", value, 1, 4096);
        return 0;
    case OPTION_STOP_WORD:
        arguments->service.protocol_options.stop_word = value;
        return 0;
    case OPTION_QUIET:
        arguments->service.protocol_options.quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->model != NULL)
            usage_error(state, "one model at a time: '%s' is too many", value);
        set_model(arguments, value, state);
        return 0;
    case ARGP_KEY_END:
        if (arguments->model == NULL)
            usage_error(state, "which model? 'proctor list models' names them");
        if (address_parse_host(arguments->host, arguments->port, &arguments->service.address) < 0)
            usage_error(state, "--host: '%s' is not a numeric address", arguments->host);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "MODEL",
    .doc = "Serves TCP clients with one concurrency model until SIGTERM or SIGINT. The first line "
           "of output, 'listening on HOST:PORT (MODEL, PROTOCOL)', appears once clients can "
           "connect.\v"
           "Example:\n  proctor serve epoll --port 9500 --protocol sink --stop-word fin",
};

static void print_ready_line(const struct serve_arguments *arguments, const struct service *service)
{
    struct address bound;
    char text[ADDRESS_TEXT_BYTES];
    address_of_socket(service->listener, &bound);
    printf("listening on %s (%s, %s)\n", address_text(&bound, text), arguments->model->name,
           arguments->service.protocol->name);
    fflush(stdout);
}

int serve_command(int argc, char **argv)
{
    struct serve_arguments arguments = {
        .host = "127.0.0.1",
        .service =
            {
                .backlog = SOMAXCONN,
                .workers = (size_t)sysconf(_SC_NPROCESSORS_ONLN),
                .max_clients = 10000,
                .protocol = protocol_find("echo"),
            },
    };
    command_parse(&parser, argc, argv, 0, &arguments);

    const char *reason = NULL;
    if (server_model_check(arguments.model, &reason) < 0)
        die(EXIT_PROCTOR_FAILED, "serve %s: %s", arguments.model->name, reason);

    struct service service;
    char text[ADDRESS_TEXT_BYTES];
    int error = service_open(&service, &arguments.service);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "serve: cannot listen on %s: %s",
            address_text(&arguments.service.address, text), strerror(-error));
    service_stop_on_signals(&service);
    print_ready_line(&arguments, &service);

    error = arguments.model->serve(&service);
    if (error < 0)
        warn("serve %s: %s", arguments.model->name, strerror(-error));
    if (service.counters->refused > 0)
        warn("serve %s: %" PRIu64 " clients accepted, %" PRIu64 " refused", arguments.model->name,
             service.counters->accepted, service.counters->refused);
    service_close(&service);
    return error < 0 ? EXIT_PROCTOR_FAILED : EXIT_YES;
}
