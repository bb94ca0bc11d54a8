/* proctor serve: one of the reference servers. */
#include "cli/commands.h"

#include "base/message.h"
#include "servers/models/models.h"
#include "servers/protocols/protocols.h"
#include "servers/protocols/store.h"
#include "servers/protocols/users.h"
#include "servers/server.h"
#include "servers/serving/ending.h"
#include "servers/serving/outside_model.h"
#include "servers/serving/service.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct serve_arguments {
    const struct server_model *model;
    const char *host;
    uint16_t port;
    const char *users_path;
    const char *objects_path;
    const char *store_path;
    struct users *users;
    struct service_options service;
};

static void read_protocol(struct argp_state *state, const struct command_option *option,
                          char *value, void *field)
{
    const struct protocol **protocol = field;
    *protocol = protocol_find(value);
    if (*protocol == NULL)
        usage_error(state, "--%s: unknown protocol '%s' (see 'proctor list protocols')",
                    option->name, value);
}

static const char *const ends[] = {
    [UNTIL_NEVER] = "never",
    [UNTIL_FIRST_CLIENT] = "first-client",
    [UNTIL_LAST_CLIENT] = "last-client",
    [UNTIL_ENTER] = "enter",
};

#define FIELD(member) OPTION_FIELD(struct serve_arguments, member)

static const struct command_option table[] = {
    {"host", OPTION_TEXT, GROUP_LISTENING, "ADDRESS", "Address to listen on (default 127.0.0.1)",
     FIELD(host)},
    {"port", OPTION_COUNT, GROUP_LISTENING, "N", "Port to listen on (default 0: any free one)",
     FIELD(port), .most = UINT16_MAX},
    {"backlog", OPTION_COUNT, GROUP_LISTENING, "N", "Length of the accept queue (default 4096)",
     FIELD(service.backlog), .most = 1 << 20},
    {"workers", OPTION_COUNT, GROUP_SERVING, "N",
     "prefork, pool: number of processes or threads (default: one per core); epoll, io_uring: "
     "number of loops, each with its own listener (default 1)",
     FIELD(service.workers), .least = 1, .most = 4096},
    {"max-clients", OPTION_COUNT, GROUP_SERVING, "N",
     "fork, thread, pool: refuse clients beyond this number (default 10k)",
     FIELD(service.max_clients), .least = 1, .most = 1 << 20},
    {"until", OPTION_WORD, GROUP_SERVING, "WHAT",
     "Exit when the first-client has left, when the last-client has left, or when enter is "
     "pressed (default never)",
     FIELD(service.until), .words = ends, .most = UNTIL_ENTER},
    {"protocol", OPTION_CUSTOM, GROUP_PROTOCOL, "NAME",
     "Protocol to speak (default echo; see 'proctor list protocols')",
     .offset = offsetof(struct serve_arguments, service.protocol), .read = read_protocol,
     .listed = "protocols", .letter = 'p'},
    {"line-end", OPTION_CUSTOM, GROUP_PROTOCOL, "TEXT",
     "What ends a message (default \\n); '' if whatever one receive brings is a message, as in a "
     "course whose clients send no line ends",
     FIELD(service.protocol_options.line_end), .read = option_read_escaped,
     .protocol = "sink, prefix, exchange, key-value, command, login"},
    {"frame", OPTION_CUSTOM, GROUP_PROTOCOL, "u8|u16|u32",
     "Messages have no end but a length before them, of so many bits, in network order",
     FIELD(service.protocol_options.frame_bytes), .read = option_read_frame,
     .protocol = "echo, sink, prefix, exchange, key-value"},
    {"stop-word", OPTION_TEXT, GROUP_PROTOCOL, "WORD", "sink: disconnect a client that says this",
     FIELD(service.protocol_options.stop_word), .protocol = "sink"},
    {"quiet", OPTION_FLAG, GROUP_PROTOCOL, NULL, "sink: do not print what clients say",
     FIELD(service.protocol_options.quiet), .protocol = "sink"},
    {"prefix", OPTION_TEXT, GROUP_PROTOCOL, "TEXT",
     "prefix: put this before each message (default 'server got: ')",
     FIELD(service.protocol_options.prefix), .protocol = "prefix"},
    {"answer", OPTION_CUSTOM, GROUP_PROTOCOL, "TEXT",
     "exchange: answer each message with this, as it stands; \\r, \\n, \\t, \\\\ and \\xHH are "
     "replaced",
     FIELD(service.protocol_options.answer), .read = option_read_escaped, .protocol = "exchange"},
    {"store", OPTION_TEXT, GROUP_PROTOCOL, "FILE",
     "key-value: keep the values in this file, too, and start with what is in it",
     FIELD(store_path), .protocol = "key-value"},
    {"allow-remote-commands", OPTION_FLAG, GROUP_PROTOCOL, NULL,
     "command: yes, clients may run commands here",
     FIELD(service.protocol_options.allow_remote_commands), .protocol = "command"},
    {"users", OPTION_TEXT, GROUP_PROTOCOL, "FILE",
     "login: lines of user:password; the password may be a hash of crypt(3)", FIELD(users_path),
     .protocol = "login"},
    {"objects", OPTION_TEXT, GROUP_PROTOCOL, "DIR",
     "login: folder of the files that SEND:name sends", FIELD(objects_path), .protocol = "login"},
    {0},
};

static void take_model(struct argp_state *state, char *name, void *options)
{
    struct serve_arguments *arguments = options;
    char *complaint = NULL;
    bool is_file = strchr(name, '/') != NULL || strstr(name, ".so") != NULL;
    arguments->model = is_file ? outside_model_load(name, &complaint) : server_model_find(name);
    if (complaint != NULL)
        die(EXIT_USAGE, "serve: %s", complaint);
    if (arguments->model == NULL)
        usage_error(state, "unknown model '%s' (see 'proctor list models')", name);
}

static void check(const struct argp_state *state, void *options)
{
    struct serve_arguments *arguments = options;
    options_check_protocol(state, arguments->service.protocol->name);
    if (options_is_given(state, "frame") && options_is_given(state, "line-end"))
        usage_error(state, "--frame: a frame has no end; leave out --line-end");
    if (address_parse_host(arguments->host, arguments->port, &arguments->service.address) < 0)
        usage_error(state, "--host: '%s' is not a numeric address (like ::1)", arguments->host);
}

const struct command_line serve_line = {
    .tables = {{table, 0}},
    .arguments = "MODEL|FILE.so",
    .listed = "models",
    .argument_count = 1,
    .missing = "MODEL or FILE.so (see 'proctor list models')",
    .surplus = "only one model can serve",
    .take_argument = take_model,
    .check = check,
    .most_used = {"host", "port", "prefix", "protocol", "stop-word", "until"},
    .help = "Serves TCP clients with one concurrency model until SIGTERM or SIGINT. Once clients "
            "can connect it prints 'listening on HOST:PORT (MODEL, PROTOCOL)', its first line.\v"
            "Example:\n  proctor serve epoll --port 9500 --protocol sink --stop-word fin",
};

/* Opens the files of --users, --store and --objects, and lets the protocol check its options. */
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
    if (service->protocol->needs & PROTOCOL_KEEPS_VALUES) {
        char *complaint = NULL;
        protocol->store = store_open(arguments->store_path, &complaint);
        if (protocol->store == NULL)
            die(EXIT_USAGE, "serve: --store: %s", complaint);
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
        .service.backlog = SOMAXCONN,
        .service.max_clients = 10000,
        .service.objects = -1,
        .service.protocol = protocol_find("echo"),
        .service.protocol_options.prefix = "server got: ",
    };
    options_parse(&serve_line, argc, argv, &arguments);

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
    store_close(arguments.service.protocol_options.store);
    return error < 0 ? EXIT_PROCTOR_FAILED : EXIT_YES;
}
