"""Servers in C that wait for all their clients in one loop."""
from fill import fill, join

SERVING = """
struct client {
    int fd;
    bool ended, spoken;
    size_t begin, end; /* what is owed */
    char bytes[{size}];
};

static struct client *clients[65536];
static int client_count;
@waiting

static void leave(struct client *client)
{
    clients[client->fd] = NULL;
    client_count--;
    @forget
    @close
    free(client);
}

/* Once; it does not receive while something is owed. False: it has to wait. */
static bool step(struct client *client)
{
    if (client->begin == client->end) {
        ssize_t count = recv(client->fd, client->bytes, sizeof client->bytes, 0);
        if (count < 0)
            client->ended = errno != EAGAIN;
        @dies
        @at_end
        if (count <= 0)
            return false;
        client->spoken = true;
        client->begin = 0;
        client->end = @answered;
    }
    while (client->begin < client->end) {
        ssize_t sent = send(client->fd, client->bytes + client->begin,
                            client->end - client->begin, 0);
        if (sent < 0)
            client->ended = errno != EAGAIN;
        if (sent < 0)
            return false;
        client->begin += (size_t)sent;
    }
    return true;
}

static void turn(struct client *client)
{
    @turn
    if (client->ended)
        leave(client);
    else
        watch(client);
}

static bool enter(void)
{
    int fd = accept(listener, NULL, NULL);
    if (fd < 0)
        return false;
    @full
    @nonblocking
    struct client *client = calloc(1, sizeof *client);
    client->fd = fd;
    clients[fd] = client;
    client_count++;
    watch(client);
    return true;
}
"""

WATCH_LATER = """
static void watch(struct client *client)
{
    (void)client;
}
"""

EPOLL = """
static int epoll;
static bool watched[65536];

static void watch(struct client *client)
{
    @unless
    struct epoll_event event = {.data.fd = client->fd};
    event.events = @interest;
    epoll_ctl(epoll, watched[client->fd] ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, client->fd, &event);
    watched[client->fd] = true;
}
"""

EPOLL_MAIN = """
epoll = epoll_create1(0);
struct epoll_event newcomers = {.events = @listens, .data.fd = listener};
epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &newcomers);
fcntl(listener, F_SETFL, O_NONBLOCK);
for (;;) {
    struct epoll_event events[64];
    int count = epoll_wait(epoll, events, 64, {milliseconds});
    for (int i = 0; i < count; i++) {
        if (events[i].data.fd == listener)
            @enter
        else if (clients[events[i].data.fd] != NULL)
            turn(clients[events[i].data.fd]);
    }
}
"""

POLL_MAIN = """
static struct pollfd all[65536];
fcntl(listener, F_SETFL, O_NONBLOCK);
for (;;) {
    int count = 0;
    all[count++] = (struct pollfd){.fd = listener, .events = POLLIN};
    for (int fd = 0; fd < 4096; fd++) {
        struct client *client = clients[fd];
        if (client != NULL)
            all[count++] = (struct pollfd){.fd = fd, .events = @interest};
    }
    poll(all, (nfds_t)count, {milliseconds});
    for (int i = 1; i < count; i++)
        if (all[i].revents != 0)
            turn(clients[all[i].fd]);
    if (all[0].revents != 0)
        enter();
}
"""

SELECT_MAIN = """
fcntl(listener, F_SETFL, O_NONBLOCK);
for (;;) {
    fd_set readable, writable;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_SET(listener, &readable);
    for (int fd = 0; fd < FD_SETSIZE; fd++) {
        struct client *client = clients[fd];
        if (client == NULL)
            continue;
        if (!client_is_owed(client))
            FD_SET(fd, &readable);
        if (@writable)
            FD_SET(fd, &writable);
    }
    @limit
    if (select(FD_SETSIZE, &readable, &writable, NULL, @wait) < 0)
        continue;
    for (int fd = 0; fd < FD_SETSIZE; fd++)
        if (clients[fd] != NULL && (FD_ISSET(fd, &readable) || FD_ISSET(fd, &writable)))
            turn(clients[fd]);
    if (FD_ISSET(listener, &readable))
        enter();
}
"""

OWED = """
static bool client_is_owed(const struct client *client)
{
    return client->begin < client->end;
}
"""


def interest(server):
    name = {"poll": "POLL", "epoll": "EPOLL"}[server.kind.model]
    if server.way("edge_triggered"):
        return "EPOLLIN | EPOLLOUT | EPOLLET"
    plain = f"client->begin < client->end ? {name}OUT : {name}IN"
    if server.fault == "out_stays_armed":
        return plain[:-len(name + "IN")] + f"client->spoken ? {name}IN | {name}OUT : {name}IN"
    return f"(unsigned)({plain}) | EPOLLONESHOT" if server.way("one_shot") else plain


def waiting(server):
    if server.kind.model == "epoll":
        once = "if (watched[client->fd])\n    return;" if server.way("edge_triggered") else ""
        return fill(EPOLL, {"unless": once}).replace("@interest", interest(server))
    return (OWED if server.kind.model == "select" else "") + WATCH_LATER


def serving(server):
    """The functions before main()."""
    leaks = server.fault == "leaks_descriptors"
    full = "if (client_count >= 8) {\n    close(fd);\n    return true;\n}"
    end = "if (count == 0)\n    client->ended = true;"
    once = server.fault in ("spins_after_the_end", "stalls_on_slow_reader")
    answered = {
        "never_answers": "0",
        "strips_line_end": "(size_t)count - (client->bytes[count - 1] == '\\n')",
        "answers_first_line_only":
            "memchr(client->bytes, '\\n', (size_t)count) == NULL ? (size_t)count : "
            "(size_t)((char *)memchr(client->bytes, '\\n', (size_t)count) - client->bytes) + 1",
    }.get(server.fault, "(size_t)count")
    return fill(SERVING, {
        "waiting": "\n" + waiting(server).strip("\n"),
        "forget": "epoll_ctl(epoll, EPOLL_CTL_DEL, client->fd, NULL);\nwatched[client->fd] = false;"
                  if server.kind.model == "epoll" else "",
        "close": "" if server.fault == "never_closes" else join(
            'open("/dev/null", O_RDONLY);' if leaks else "", "close(client->fd);"),
        "dies": "if (client->ended)\n    exit(1);" if server.fault == "dies_of_a_reset" else "",
        "at_end": "" if server.fault == "spins_after_the_end" else end,
        "turn": "step(client);" if once else "while (step(client))\n    continue;",
        "full": full if server.fault == "table_of_eight" else "",
        "nonblocking": "" if server.fault == "stalls_on_slow_reader" else
                       "fcntl(fd, F_SETFL, O_NONBLOCK);",
    }, size=server.way("buffer", 16384)).replace("@answered", answered)


def main(server):
    """What main() does once it listens."""
    tick = server.way("ticks")
    milliseconds = round(tick * 1000) if tick else -1
    if server.kind.model == "epoll":
        once = server.fault == "edge_listener_accepts_once"
        return fill(EPOLL_MAIN, {"enter": "enter();" if once else "while (enter())\n    continue;"},
                    milliseconds=milliseconds).replace(
            "@listens", "EPOLLIN | EPOLLET" if once else "EPOLLIN")
    if server.kind.model == "poll":
        return fill(POLL_MAIN, milliseconds=milliseconds).replace("@interest", interest(server))
    armed = " || client->spoken" if server.fault == "out_stays_armed" else ""
    limit = f"struct timeval limit = {{{int(tick)}, {int(tick % 1 * 1000000)}}};" if tick else ""
    return fill(SELECT_MAIN, {"limit": limit}).replace(
        "@wait)", "&limit)" if tick else "NULL)").replace(
        "@writable", "client_is_owed(client)" + armed)
