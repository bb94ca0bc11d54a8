"""Servers in Java: a client at a time, a thread for each, an executor, or a Selector."""
from fill import fill, join
from server import ADDRESS, PORT

WORKERS = 6

SOURCE = """
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

public class Generated {
    static final List<Object> kept = new ArrayList<>();
    static final LinkedBlockingQueue<Socket> leaving = new LinkedBlockingQueue<>();

    static void pause(double seconds) {
        try {
            Thread.sleep((long) (seconds * 1000));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    static void beside(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    @serving

    public static void main(String[] arguments) throws Exception {
        @start
        @helper
        @main
    }
}
"""

SERVE = """
static void serve(Socket client) {
    byte[] data = new byte[{size}];
    try {
        InputStream in = client.getInputStream();
        OutputStream out = client.getOutputStream();
        @begin
        for (;;) {
            int count = 0;
            @receive
            if (count < 0) {
                @at_end
            }
            @work
            @answer
        }
    } catch (IOException gone) {
        pause(0);
    }
    @before_close
    @close
}
"""

HELPERS = {
    "heartbeat": "beside(() -> {\n    for (;;) {\n        pause({value});\n    }\n});",
    "ragged_helper": "beside(() -> {\n    for (;;) {\n        pause({value});\n        "
                     "java.util.concurrent.locks.LockSupport.parkNanos((long) ({value} * 1e9));\n"
                     "    }\n});",
    "closed_by_reaper": """
beside(() -> {
    for (;;) {
        pause({value});
        for (Socket client; (client = leaving.poll()) != null;) {
            try {
                client.close();
            } catch (IOException gone) {
                continue;
            }
        }
    }
});
""",
}

ACCEPT_LOOP = """
ServerSocket listener = new ServerSocket();
listener.setReuseAddress(true);
listener.bind(new InetSocketAddress("{address}", {port}), {backlog});
@how_to_accept
@executor
for (;;) {
    @accept
    @hand_over
}
"""

LOOP = """
static void leave(SelectionKey key) throws IOException {
    key.cancel();
    @close
}

static void enter(Selector selector, ServerSocketChannel listener) throws IOException {
    SocketChannel client = listener.accept();
    if (client == null) {
        return;
    }
    client.configureBlocking(false);
    client.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate({size}));
}

static void serve(SelectionKey key) throws IOException {
    SocketChannel client = (SocketChannel) key.channel();
    ByteBuffer data = (ByteBuffer) key.attachment();
    if (key.isReadable()) {
        int count = client.read(data.clear());
        if (count < 0) {
            @at_end
            return;
        }
        data.flip();
        @change
    }
    client.write(data);
    key.interestOps(data.hasRemaining() ? SelectionKey.OP_WRITE : @idle);
}
"""

LOOP_MAIN = """
Selector selector = Selector.open();
ServerSocketChannel listener = ServerSocketChannel.open();
listener.bind(new InetSocketAddress("{address}", {port}), {backlog});
listener.configureBlocking(false);
listener.register(selector, SelectionKey.OP_ACCEPT);
for (;;) {
    selector.select({milliseconds});
    for (SelectionKey key : selector.selectedKeys()) {
        try {
            if (key.isAcceptable()) {
                enter(selector, listener);
            } else {
                serve(key);
            }
        } catch (IOException gone) {
            leave(key);
        }
    }
    selector.selectedKeys().clear();
}
"""

FIRST_LINE = """
int line = 0;
while (line < count && data[line] != '\\n') {
    line++;
}
out.write(data, 0, Math.min(line + 1, count));
"""
# Until the line that ends the session.
STOP_LINES = """
for (int i = 0; i < count && !ends; i++) {
    line.write(data[i]);
    if (data[i] == '\\n') {
        ends = line.toString().equals("{word}\\n");
        if (!ends) {
            out.write(line.toByteArray());
        }
        line.reset();
    }
}
if (ends) {
    break;
}
"""
PIECES = """
int at = 0;
for (; at < count && at < 100; at += {size}) {
    out.write(data, at, Math.min({size}, count - at));
}
if (at < count) {
    out.write(data, at, count - at);
}
"""
COMPUTES = """
long until = System.nanoTime() + {value} * 1000000L;
while (System.nanoTime() < until) {
    Thread.onSpinWait();
}
"""


def sleeps(server, *names):
    for name in names:
        value = server.way(name)
        if isinstance(value, tuple):
            return f"for (int i = 0; i < {value[0]}; i++) {{\n    pause({value[1]});\n}}"
        if value is not None:
            return f"pause({value});"
    return ""


def receive(server):
    seconds = server.way("receive_timeout")
    plain = "count = in.read(data);"
    if not seconds:
        return plain
    return (f"client.setSoTimeout({round(seconds * 1000)});\ntry {{\n    {plain}\n"
            "} catch (SocketTimeoutException silent) {\n    continue;\n}")


def answer(server):
    size, word = server.way("sends_in_pieces"), server.way("stop_word")
    if word:
        return fill(STOP_LINES, word=word)
    return {
        "answers_first_line_only": FIRST_LINE,
        "strips_line_end": "out.write(data, 0, data[count - 1] == '\\n' ? count - 1 : count);",
        "answers_once": "if (kept.add(client) && client.getTrafficClass() == 0) {\n"
                        "    out.write(data, 0, count);\n}\nclient.setTrafficClass(8);",
    }.get(server.fault, fill(PIECES, size=size) if size else "out.write(data, 0, count);")


def serving(server):
    entry = server.way("works_before_reading")
    close = "leaving.add(client);" if server.way("closed_by_reaper") else (
        "try {\n" + ("    client.shutdownOutput();\n" if server.way("shuts_down_first") else "")
        + "    client.close();\n} catch (IOException gone) {\n    pause(0);\n}")
    if server.fault == "never_closes":
        close = "kept.add(client);"
    computes = server.way("computes")
    return fill(SERVE, {
        "begin": join(f"pause({entry});" if entry else "",
                      "ByteArrayOutputStream line = new ByteArrayOutputStream();\nboolean ends = false;"
                      if server.way("stop_word") else ""),
        "receive": receive(server),
        "at_end": "continue;" if server.fault == "spins_after_the_end" else "break;",
        "work": fill(COMPUTES, value=computes) if computes else
                sleeps(server, "answers_in_slices", "sleeps_before_answer"),
        "answer": answer(server),
        "before_close": sleeps(server, "closes_in_slices", "sleeps_before_close"),
        "close": close}, size=server.way("buffer", 65536))


def loop_serving(server):
    change = {
        "answers_first_line_only":
            "int line = 0;\nwhile (line < data.limit() && data.get(line) != '\\n') {\n    line++;\n"
            "}\ndata.limit(Math.min(line + 1, data.limit()));",
        "strips_line_end": "data.limit(count - (data.get(count - 1) == '\\n' ? 1 : 0));",
    }.get(server.fault, "")
    armed = server.fault == "out_stays_armed"
    spins = server.fault == "spins_after_the_end"
    return fill(LOOP, {
        "at_end": "data.flip();\ndata.limit(0);" if spins else "leave(key);", "change": change,
        "close": "kept.add(key.channel());" if server.fault == "never_closes" else
                 "key.channel().close();",
    }, size=server.way("buffer", 16384)).replace(
        "@idle", "SelectionKey.OP_READ | SelectionKey.OP_WRITE" if armed else "SelectionKey.OP_READ")


def start(server):
    if server.way("sleeps_first"):
        return f"pause({server.way('sleeps_first')});"
    if server.way("counts_down"):
        count, seconds = server.way("counts_down")
        return (f"for (int left = {count}; left > 0; left--) {{\n    System.out.println(left);\n"
                f"    pause({seconds});\n}}")
    return ""


def accept_loop(server):
    seconds = server.way("accept_timeout")
    accept = "Socket client = listener.accept();"
    if seconds:
        accept = ("Socket client = null;\ntry {\n    client = listener.accept();\n"
                  "} catch (SocketTimeoutException nobody) {\n    continue;\n}")
    executor = {"pool": f"newFixedThreadPool({WORKERS})", "thread": "newCachedThreadPool()"}
    pooled = server.kind.style == "executor"
    hand_over = {"sequential": "serve(client);", "thread": "new Thread(() -> serve(taken)).start();"}
    return fill(ACCEPT_LOOP, {
        "how_to_accept": f"listener.setSoTimeout({round(seconds * 1000)});" if seconds else "",
        "executor": f"ExecutorService pool = Executors.{executor[server.kind.model]};"
                    if pooled else "",
        "accept": join(accept, "Socket taken = client;"),
        "hand_over": "pool.submit(() -> serve(taken));" if pooled else
                     hand_over[server.kind.model],
    }, address=ADDRESS, port=PORT, backlog=server.way("backlog", 50))


def write(server):
    """The source of a server in Java, whose class is Generated."""
    loop = server.kind.model == "epoll"
    tick = server.way("ticks")
    text = fill(SOURCE, {
        "serving": loop_serving(server) if loop else serving(server), "start": start(server),
        "helper": join(*(fill(text, value=server.way(name)) for name, text in HELPERS.items()
                         if server.way(name))),
        "main": fill(LOOP_MAIN, address=ADDRESS, port=PORT, backlog=server.way("backlog", 128),
                     milliseconds=round(tick * 1000) if tick else 0) if loop else
                accept_loop(server)})
    head, body = text.split("\n\n", 1)
    used = [line for line in head.split("\n") if line[:-1].rsplit(".", 1)[1] in body]
    return "\n".join(used) + "\n\n" + body + "\n"
