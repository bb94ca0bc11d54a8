"""What all servers in C have: how they start, listen and accept, and who else is there."""
from fill import fill, join
from server import PORT

LISTEN = """
struct sockaddr_in address = {
    .sin_family = AF_INET,
    .sin_port = htons({port}),
    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
};
int on = 1;
listener = socket(AF_INET, SOCK_STREAM, 0);
@reuse
@defer
if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
    listen(listener, {backlog}) < 0) {
    perror("listening");
    return 1;
}
@how_to_accept
"""

HELPERS = {
    "heartbeat": ("""
static void *beat(void *unused)
{
    for (;;)
        @wait
    return unused;
}
""", "pthread_t heart;\npthread_create(&heart, NULL, beat, NULL);"),
    "ragged_helper": ("""
static void *tidy(void *unused)
{
    for (;;) {
        @wait
        poll(NULL, 0, {milliseconds});
    }
    return unused;
}
""", "pthread_t tidier;\npthread_create(&tidier, NULL, tidy, NULL);"),
    "threads_of_a_runtime": ("""
static void *wait_in_turns(void *seconds)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t never = PTHREAD_COND_INITIALIZER;
    long period = (long)seconds;
    pthread_mutex_lock(&mutex);
    for (;;) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += period / 1000 + (until.tv_nsec + period % 1000 * 1000000) / 1000000000;
        until.tv_nsec = (until.tv_nsec + period % 1000 * 1000000) % 1000000000;
        if (period == 0)
            pthread_cond_wait(&never, &mutex);
        else
            pthread_cond_clockwait(&never, &mutex, CLOCK_MONOTONIC, &until);
    }
    return NULL;
}
""", """
pthread_t other;
for (int i = 0; i < 18; i++)
    pthread_create(&other, NULL, wait_in_turns, (void *)(i < 15 ? 0L : i == 15 ? 50L : 5000L));
"""),
    "closed_by_reaper": ("""
static pthread_mutex_t leaving_lock = PTHREAD_MUTEX_INITIALIZER;
static int leaving[4096], leaving_count;

static void *reap(void *unused)
{
    for (;;) {
        @wait
        pthread_mutex_lock(&leaving_lock);
        while (leaving_count > 0)
            close(leaving[--leaving_count]);
        pthread_mutex_unlock(&leaving_lock);
    }
    return unused;
}
""", "pthread_t reaper;\npthread_create(&reaper, NULL, reap, NULL);"),
}


def timed(seconds):
    """A call that sleeps for so long."""
    whole = int(seconds)
    return (f"nanosleep(&(struct timespec){{{whole}, {round((seconds - whole) * 1e9)}}}, NULL);")


def helper(server):
    """The functions of the other threads, and what starts these."""
    found = [(fill(text, {"wait": timed(server.way(name))},
                   milliseconds=round(server.way(name) * 1000)), call)
             for name, (text, call) in HELPERS.items() if server.way(name)]
    ignores = "signal(SIGTERM, SIG_IGN);" if server.fault == "ignores_sigterm" else ""
    return ("\n\n".join(text for text, _ in found) + "\n" * bool(found),
            join(ignores, *(call for _, call in found)))


def start(server):
    if server.way("sleeps_first"):
        return timed(server.way("sleeps_first"))
    if server.way("counts_down"):
        count, seconds = server.way("counts_down")
        return (f"for (int left = {count}; left > 0; left--) {{\n    printf(\"%d\\n\", left);\n"
                f"    fflush(stdout);\n    {timed(seconds)}\n}}")
    return ""


def listen(server):
    how = ""
    if server.way("accept_timeout") or server.way("accept_by_select") is not None:
        how = "fcntl(listener, F_SETFL, O_NONBLOCK);"
    elif server.way("accept_option"):
        seconds = server.way("accept_option")
        how = ("setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, "
               f"&(struct timeval){{{int(seconds)}, {int(seconds % 1 * 1000000)}}}, "
               "sizeof(struct timeval));")
    defer = server.way("defer_accept")
    return fill(LISTEN, {
        "reuse": "" if server.fault == "no_reuse_address" else
                 "setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);",
        "defer": f"on = {defer};\n"
                 "setsockopt(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &on, sizeof on);"
                 if defer else "",
        "how_to_accept": how}, port=PORT, backlog=server.way("backlog", 128)).replace(
        "int on = 1;\n", "" if server.fault == "no_reuse_address" and not defer else "int on = 1;\n")


def accept(server):
    """Sets `client`, or goes round the loop again."""
    call = "int client = accept(listener, NULL, NULL);\nif (client < 0)\n    continue;"
    if server.way("accept_timeout"):
        return ("struct pollfd newcomer = {.fd = listener, .events = POLLIN};\n"
                f"if (poll(&newcomer, 1, {round(server.way('accept_timeout') * 1000)}) == 0)\n"
                "    continue;\n" + call)
    seconds = server.way("accept_by_select")
    if seconds is not None:
        limit = "NULL" if not seconds else (
            f"&(struct timeval){{{int(seconds)}, {int(seconds % 1 * 1000000)}}}")
        return ("fd_set waiting;\nFD_ZERO(&waiting);\nFD_SET(listener, &waiting);\n"
                f"select(listener + 1, &waiting, NULL, NULL, {limit});\n" + call)
    if server.way("accept_option"):
        return call + ("\nsetsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){0, 0}, "
                       "sizeof(struct timeval));")
    return call
