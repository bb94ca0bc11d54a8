/* proctor serve: one of the reference servers. */
#include "cli/commands.h"

#include "base/message.h"
#include "servers/models/models.h"
#include "servers/protocols/protocols.h"
#include "servers/protocols/users.h"
#include "servers/server.h"
#include "servers/serving/ending.h"
#include "servers/serving/outside_model.h"
#include "servers/serving/service.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct serve_arguments {
    const struct server_model *model;
    const char *host;
    uint16_t port;
    const char *users_path;
    const char *objects_path;
    struct users *users;
    bool given[8]; /* by place in protocol_options */
    struct service_options service;
};

enum option_key {
    OPTION_PROTOCOL = 'p',
    OPTION_HOST = 'h' + 256,
    OPTION_PORT,
    OPTION_BACKLOG,
    OPTION_MAX_CLIENTS,
    OPTION_WORKERS,
    OPTION_UNTIL,
    OPTION_STOP_WORD,
    OPTION_QUIET,
    OPTION_PREFIX,
    OPTION_ALLOW_REMOTE_COMMANDS,
    OPTION_USERS,
    OPTION_OBJECTS,
};

static const struct argp_option options[] = {
    {"protocol", OPTION_PROTOCOL, "NAME", 0,
     "What it answers (default echo); 'proctor list protocols' names them", 0},
    {"host", OPTION_HOST, "ADDRESS", 0, "Address to listen on (default 127.0.0.1)", 0},
    {"port", OPTION_PORT, "N", 0, "Port to listen on; 0, the default, lets the kernel choose", 0},
    {"backlog", OPTION_BACKLOG, "N", 0, "Length of the accept queue (default 4096)", 0},
    {"workers", OPTION_WORKERS, "N", 0,
     "prefork, pool: how many processes or threads (default: as many as cores); "
     "epoll, io_uring: how many loops, each with a listener of its own (default 1)",
     0},
    {"max-clients", OPTION_MAX_CLIENTS, "N", 0,
     "fork, thread, pool: how many clients at once; others are refused (default 10k)", 0},
    {"until", OPTION_UNTIL, "WHAT", 0,
     "End of itself: when the first-client has left, when the last-client has, or when enter is "
     "pressed (default never)",
     0},
    {"stop-word", OPTION_STOP_WORD, "WORD", 0, "sink: leave a client that says this", 0},
    {"quiet", OPTION_QUIET, NULL, 0, "sink: do not print what clients say", 0},
    {"prefix", OPTION_PREFIX, "TEXT", 0,
     "prefix: what goes before each line (default 'server got: ')", 0},
    {"allow-remote-commands", OPTION_ALLOW_REMOTE_COMMANDS, NULL, 0,
     "command: yes, clients may run commands here", 0},
    {"users", OPTION_USERS, "FILE", 0,
     "login: who may come in; lines user:password, where the password may be a hash of crypt(3)",
     0},
    {"objects", OPTION_OBJECTS, "DIR", 0, "login: the folder of what SEND:name hands out", 0},
    {0},
};

static void set_model(struct serve_arguments *arguments, const char *name,
                      const struct argp_state *state)
{
    char *complaint = NULL;
    bool is_file = strchr(name, '/') != NULL || strstr(name, ".so") != NULL;
    arguments->model = is_file ? outside_model_load(name, &complaint) : server_model_find(name);
    if (complaint != NULL)
        die(EXIT_USAGE, "serve: %s", complaint);
    if (arguments->model == NULL)
        usage_error(state, "there is no model '%s'; 'proctor list models' names them", name);
}

static enum until parse_until(const char *value, const struct argp_state *state)
{
    static const char *const words[] = {
        [UNTIL_NEVER] = "never",
        [UNTIL_FIRST_CLIENT] = "first-client",
        [UNTIL_LAST_CLIENT] = "last-client",
        [UNTIL_ENTER] = "enter",
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], value) == 0)
            return (enum until)i;
    usage_error(state, "--until: '%s' is not never, first-client, last-client or enter", value);
}

/* An option that the protocol does not read would be believed and have no effect. */
static const struct {
    int key;
    const char *name;
    const char *protocol;
} protocol_options[] = {
    {OPTION_STOP_WORD, "stop-word", "sink"},
    {OPTION_QUIET, "quiet", "sink"},
    {OPTION_PREFIX, "prefix", "prefix"},
    {OPTION_ALLOW_REMOTE_COMMANDS, "allow-remote-commands", "command"},
    {OPTION_USERS, "users", "login"},
    {OPTION_OBJECTS, "objects", "login"},
};

#define PROTOCOL_OPTIONS (sizeof protocol_options / sizeof protocol_options[0])

static void check_protocol_options(const struct serve_arguments *arguments,
                                   const struct argp_state *state)
{
    for (size_t i = 0; i < PROTOCOL_OPTIONS; i++)
        if (arguments->given[i] &&
            strcmp(protocol_options[i].protocol, arguments->service.protocol->name) != 0)
            usage_error(state, "--%s: only with --protocol %s", protocol_options[i].name,
                        protocol_options[i].protocol);
}

static error_t parse_protocol_option(int key, char *value, struct serve_arguments *arguments)
{
    for (size_t i = 0; i < PROTOCOL_OPTIONS; i++)
        arguments->given[i] |= protocol_options[i].key == key;
    struct protocol_options *protocol = &arguments->service.protocol_options;
    switch (key) {
    case OPTION_STOP_WORD:
        protocol->stop_word = value;
        return 0;
    case OPTION_QUIET:
        protocol->quiet = true;
        return 0;
    case OPTION_PREFIX:
        protocol->prefix = value;
        return 0;
    case OPTION_ALLOW_REMOTE_COMMANDS:
        protocol->allow_remote_commands = true;
        return 0;
    case OPTION_USERS:
        arguments->users_path = value;
        return 0;
    case OPTION_OBJECTS:
        arguments->objects_path = value;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
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
    case OPTION_UNTIL:
        arguments->service.until = parse_until(value, state);
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->model != NULL)
            usage_error(state, "one model at a time: '%s' is too many", value);
        set_model(arguments, value, state);
        return 0;
    case ARGP_KEY_END:
        if (arguments->model == NULL)
            usage_error(state, "which model? 'proctor list models' names them");
        check_protocol_options(arguments, state);
        if (address_parse_host(arguments->host, arguments->port, &arguments->service.address) < 0)
            usage_error(state, "--host: '%s' is not a numeric address", arguments->host);
        return 0;
    default:
        return parse_protocol_option(key, value, arguments);
    }
}

static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "MODEL|FILE.so",
    .doc = "Serves TCP clients with one concurrency model until SIGTERM or SIGINT. The first line "
           "of output, 'listening on HOST:PORT (MODEL, PROTOCOL)', appears once clients can "
           "connect.\v"
           "Example:\n  proctor serve epoll --port 9500 --protocol sink --stop-word fin",
};

/* Opens the files that options name, and asks the protocol whether it is content. */
static void complete_options(struct serve_arguments *arguments)
{
    struct service_options *service = &arguments->service;
    struct protocol_options *protocol = &service->protocol_options;
    service->has_own_listeners = arguments->model->needs & MODEL_NEEDS_OWN_LISTENERS;
    protocol->on_loopback = address_is_loopback(&service->address);
    if (arguments->users_path != NULL) {
        char *complaint = NULL;
        protocol->users = arguments->users = users_read(arguments->users_path, &complaint);
        if (protocol->users == NULL)
            die(EXIT_USAGE, "serve: --users: %s", complaint);
    }
    if (arguments->objects_path != NULL) {
        service->objects = open(arguments->objects_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (service->objects < 0)
            die(EXIT_USAGE, "serve: --objects: %s: %s", arguments->objects_path, strerror(errno));
    }
    const char *complaint =
        service->protocol->check != NULL ? service->protocol->check(protocol) : NULL;
    if (complaint != NULL)
        die(EXIT_USAGE, "serve: protocol %s %s", service->protocol->name, complaint);
}

static void print_ready_line(const struct serve_arguments *arguments, const struct service *service)
{
    struct address bound;
    char text[ADDRESS_TEXT_BYTES];
    address_of_socket(service_listener(service), &bound);
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
                .max_clients = 10000,
                .objects = -1,
                .protocol = protocol_find("echo"),
                .protocol_options = {.prefix = "server got: "},
            },
    };
    command_parse(&parser, argc, argv, 0, &arguments);

    const char *reason = NULL;
    if (server_model_check(arguments.model, &reason) < 0)
        die(EXIT_PROCTOR_FAILED, "serve %s: %s", arguments.model->name, reason);

    complete_options(&arguments);

    struct service service;
    char text[ADDRESS_TEXT_BYTES];
    int error = service_open(&service, &arguments.service);
    if (error < 0)
        die(EXIT_PROCTOR_FAILED, "serve: cannot listen on %s: %s",
            address_text(&arguments.service.address, text), strerror(-error));
    error = service_stop_on_signals(&service);
    print_ready_line(&arguments, &service);

    if (error == 0)
        error = arguments.model->serve(&service);
    if (error < 0)
        warn("serve %s: %s", arguments.model->name, strerror(-error));
    if (service.counters->refused > 0)
        warn("serve %s: %" PRIu64 " clients accepted, %" PRIu64 " refused", arguments.model->name,
             service.counters->accepted, service.counters->refused);
    service_leave_signals();
    service_close(&service);
    users_free(arguments.users);
    return error < 0 ? EXIT_PROCTOR_FAILED : EXIT_YES;
}
