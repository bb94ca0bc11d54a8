"""Servers in C that wait for one client at a time, in as many threads and processes as the model has;
loops are written by c_loops.py.
"""
from c_parts import accept, helper, listen, start, timed
from fill import fill, join
from server import BLOCKING
import c_loops

WORKERS = 6

SOURCE = """
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int listener;

@helpers
@serving
int main(void)
{
    @start
    signal(SIGPIPE, SIG_IGN);
    @helper
    @listen
    @main
}
"""

SEND_ALL = """
static bool send_all(int client, const char *data, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(client, data, count, 0);
        if (sent < 0)
            return false;
        data += sent;
        count -= (size_t)sent;
    }
    return true;
}
"""

SERVE = """
static void serve(int client)
{
    char data[{size}];
    ssize_t count = 0;
    @begin
    @entry
    for (;;) {
        @receive
        if (count <= 0)
            @at_end
        @work
        @answer
    }
    @before_close
    @close
}
"""

IN_THREAD = """
static void *serve_in_thread(void *argument)
{
    serve(@which);
    return NULL;
}
"""

QUEUE = """
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static int jobs[4096];
static unsigned first, last;

static void *work(void *unused)
{
    for (;;) {
        pthread_mutex_lock(&lock);
        while (first == last) {
            @wait
        }
        int client = jobs[first++ % 4096];
        pthread_mutex_unlock(&lock);
        serve(client);
    }
    return unused;
}
"""

MAINS = {
    "sequential": "for (;;) {\n    @accept\n    serve(client);\n}",
    "thread": """
@shared
for (;;) {
    @accept
    @handshake
    pthread_t thread;
    if (pthread_create(&thread, NULL, serve_in_thread, @argument) == 0)
        pthread_detach(thread);
}
""",
    "fork": """
@reap
for (;;) {
    @accept
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        close(listener);
        serve(client);
        _exit(0);
    }
    @parent
}
""",
    "prefork": """
for (int i = 0; i < {workers}; i++) {
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        for (;;) {
            @accept
            serve(client);
        }
    }
}
for (int i = 0; i < {workers}; i++)
    wait(NULL);
return 0;
""",
    "pool": """
pthread_t thread;
for (int i = 0; i < {workers}; i++)
    pthread_create(&thread, NULL, work, NULL);
for (;;) {
    @accept
    pthread_mutex_lock(&lock);
    jobs[last++ % 4096] = client;
    pthread_cond_signal(&more);
    pthread_mutex_unlock(&lock);
}
""",
}

COMPUTES = """
struct timespec begun, now;
clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begun);
do
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
while ((now.tv_sec - begun.tv_sec) * 1000000000L + now.tv_nsec - begun.tv_nsec < {value} * 1000000L);
"""


def timeout_option(seconds):
    whole = int(seconds)
    return (f"setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, "
            f"&(struct timeval){{{whole}, {int((seconds - whole) * 1000000)}}}, "
            "sizeof(struct timeval));")


def receive(server):
    again = "if (count < 0 && (errno == EAGAIN || errno == EINTR))\n    continue;"
    plain = "count = recv(client, data, sizeof data, 0);"
    if server.way("polls_first") is not None:
        return fill("""
struct pollfd ready = {.fd = client, .events = POLLIN};
if (poll(&ready, 1, {value}) == 0)
    continue;
@plain
""", {"plain": plain}, value=server.way("polls_first"))
    return join(plain, again if server.way("receive_timeout") else "")


def sleeps(server, *names):
    for name in names:
        value = server.way(name)
        if isinstance(value, tuple):
            return f"for (int i = 0; i < {value[0]}; i++)\n    {timed(value[1])}"
        if value is not None:
            return timed(value)
    return ""


def work(server):
    if server.way("computes"):
        return fill(COMPUTES, value=server.way("computes"))
    if server.way("asks_the_kernel"):
        return f"for (int i = 0; i < {server.way('asks_the_kernel')}; i++)\n    syscall(SYS_getppid);"
    return sleeps(server, "answers_in_slices", "sleeps_before_answer")


def unless_sent(target, data, count):
    return f"if (!send_all({target}, {data}, {count}))\n    break;"


LINES = """
for (ssize_t i = 0; i < count; i++) {
    rest[rest_count++ % sizeof rest] = data[i];
    if (data[i] == '\\n') {
        send_all(client, rest, rest_count < sizeof rest ? rest_count : sizeof rest);
        rest_count = 0;
    }
}
"""
# Until the line that ends the session.
STOP_LINES = """
line = realloc(line, length + (size_t)count);
memcpy(line + length, data, (size_t)count);
length += (size_t)count;
bool ends = false;
char *newline = NULL;
while (!ends && (newline = memchr(line, '\\n', length)) != NULL) {
    size_t first = (size_t)(newline - line) + 1;
    ends = first == {length} && memcmp(line, "{word}", first - 1) == 0;
    ends = ends || !send_all(client, line, first);
    length -= first;
    memmove(line, newline + 1, length);
}
if (ends)
    break;
"""
PIECES = """
ssize_t at = 0;
for (; at < count && at < 100; at += {size})
    send_all(client, data + at, (size_t)(count - at < {size} ? count - at : {size}));
if (at < count && !send_all(client, data + at, (size_t)(count - at)))
    break;
"""


def answer(server):
    word = stop_word(server)
    if word:
        return fill(STOP_LINES, word=word, length=len(word) + 1)
    whole = unless_sent("client", "data", "(size_t)count")
    size = server.way("sends_in_pieces")
    first_line = ("char *newline = memchr(data, '\\n', (size_t)count);\n"
                  + unless_sent("client", "data", "newline ? (size_t)(newline - data) + 1 : "
                                                  "(size_t)count"))
    return {
        "never_answers": "",
        "reads_and_closes": 'printf("%zd\\n", count);\nfflush(stdout);\nbreak;',
        "one_buffer_for_lines": LINES,
        "answers_first_line_only": first_line,
        "strips_line_end": "while (count > 0 && data[count - 1] == '\\n')\n    count--;\n" + whole,
        "answers_once": "if (!answered && !send_all(client, data, (size_t)count))\n    break;\n"
                        "answered = true;",
        "answers_the_latest": unless_sent("newest", "data", "(size_t)count"),
        "reads_sixteen": "send_all(client, data, (size_t)count);\nbreak;",
    }.get(server.fault, fill(PIECES, size=size) if size else whole)


def stop_word(server):
    return {"wrong_stop_word": "FIN"}.get(server.fault, server.way("stop_word"))


def at_end(server):
    return {
        "spins_after_the_end": "continue;",
        "dies_of_a_reset": "{\n    if (count < 0)\n        exit(1);\n    break;\n}",
        "answers_the_end_forever": '{\n    send(client, "bye", 3, 0);\n    continue;\n}',
    }.get(server.fault, "break;")


def close(server):
    if server.fault == "never_closes":
        return "return;"
    hand_over = ("pthread_mutex_lock(&leaving_lock);", "leaving[leaving_count++] = client;",
                 "pthread_mutex_unlock(&leaving_lock);")
    shut = "shutdown(client, SHUT_WR);" if server.way("shuts_down_first") else ""
    return join('open("/dev/null", O_RDONLY);' if server.fault == "leaks_descriptors" else "",
                *(hand_over if server.way("closed_by_reaper") else (shut, "close(client);")),
                "pause();" if server.fault == "threads_stay" else "")


def serving(server):
    timeout = 3 if server.fault == "closes_silent_clients" else server.way("receive_timeout")
    entry = server.way("works_before_reading")
    begin = join(timeout_option(timeout) if timeout else "",
                 "char *line = NULL;\nsize_t length = 0;" if stop_word(server) else "",
                 "bool answered = false;" if server.fault == "answers_once" else "",
                 "newest = client;" if server.fault == "answers_the_latest" else "")
    size = 16 if server.fault == "reads_sixteen" else server.way("buffer", 65536)
    text = fill(SERVE, {
        "begin": begin, "entry": timed(entry) if entry else "", "receive": receive(server),
        "at_end": at_end(server), "work": work(server),
        "answer": answer(server),
        "before_close": join("free(line);" if stop_word(server) else "",
                             sleeps(server, "closes_in_slices", "sleeps_before_close")),
        "close": close(server)}, size=size)
    if server.fault == "variable_of_the_loop":  # each thread reads it anew
        text = text.replace("int client)", "int *place)").replace("(client", "(*place")
    shared = {"one_buffer_for_lines": "static char rest[1 << 20];\nstatic size_t rest_count;\n",
              "answers_the_latest": "static int newest;\n"}.get(server.fault, "")
    uses_sends = "" if "send_all(" not in text else SEND_ALL + "\n"
    which = ("argument" if server.fault == "variable_of_the_loop" else "(int)(long)argument")
    thread = IN_THREAD.replace("@which", which) if server.kind.model == "thread" else ""
    poll = server.way("looks_into_queue")
    queue = fill(QUEUE, {
        "wait": "pthread_cond_wait(&more, &lock);" if not poll else
                f"pthread_mutex_unlock(&lock);\n{timed(poll)}\npthread_mutex_lock(&lock);",
    }) if server.kind.model == "pool" else ""
    return "\n\n".join(part.strip("\n") for part in (shared, uses_sends, text, thread, queue)
                       if part.strip("\n"))


def blocking_main(server):
    shared = server.fault == "variable_of_the_loop"
    handshake = ""
    if server.fault == "speaks_in_accept_loop":
        handshake = ('char name[1024] = "hello ";\nsend_all(client, "NICKNAME", 8);\n'
                     "ssize_t count = recv(client, name + 6, sizeof name - 6, 0);\n"
                     "send_all(client, name, count > 0 ? (size_t)count + 6 : 0);")
    accepts = accept(server)
    if shared:
        accepts = accepts.replace("int client = ", "client = ")
    return fill(MAINS[server.kind.model], {
        "accept": accepts, "handshake": handshake, "shared": "static int client;" if shared else "",
        "reap": "" if server.fault == "leaves_zombies" else "signal(SIGCHLD, SIG_IGN);",
        "parent": "" if server.fault == "keeps_a_copy" else "close(client);",
    }, workers=WORKERS).replace("@argument", "&client" if shared else "(void *)(long)client")


def write(server):
    """The source of a server in C."""
    blocking = server.kind.model in BLOCKING
    helpers, calls = helper(server)
    text = fill(SOURCE, {
        "start": start(server), "helpers": helpers + "\n" if helpers else "", "helper": calls,
        "serving": (serving(server) if blocking else c_loops.serving(server)) + "\n\n",
        "listen": listen(server),
        "main": blocking_main(server) if blocking else c_loops.main(server)})
    return text + "\n"
