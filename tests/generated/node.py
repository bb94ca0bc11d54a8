"""Servers in JavaScript: Node has one loop, and timers."""
from fill import fill, join
from server import ADDRESS, PORT

SOURCE = """
"use strict";
const net = require("net");

function slices(left, milliseconds, then) {
  if (left === 0) {
    then();
  } else {
    setTimeout(slices, milliseconds, left - 1, milliseconds, then);
  }
}

function serve(client) {
  let last = Promise.resolve();
  client.on("data", (data) => {
    @take
  });
  client.on("end", () => {
    @end
  });
  client.on("error", () => client.destroy());
}

function listen() {
  const server = net.createServer({ allowHalfOpen: true }, serve);
  server.listen({ port: {port}, host: "{address}", backlog: {backlog} });
}

@helper
@start
"""


def in_slices(value, then):
    count, seconds = value
    return f"slices({count}, {round(seconds * 1000)}, {then});"


def write(server):
    """The source of a server for Node."""
    answers, ends = server.way("answers_in_slices"), server.way("closes_in_slices")
    sent = {
        "answers_first_line_only":
            'client.write(data.subarray(0, data.indexOf("\\n") + 1 || data.length))',
        "strips_line_end": "client.write(data.toString().trimEnd())",
    }.get(server.fault, "client.write(data)")
    flow = (f"if (!{sent}) {{\n  client.pause();\n"
            '  client.once("drain", () => client.resume());\n}')
    beat = server.way("heartbeat")
    start = "listen();"
    if server.way("sleeps_first"):
        start = f"setTimeout(listen, {round(server.way('sleeps_first') * 1000)});"
    if server.way("counts_down"):
        start = in_slices(server.way("counts_down"), "listen")
    return fill(SOURCE, {
        "take": f"last = last.then(() => new Promise((done) => {in_slices(answers, 'done')[:-1]}))"
                f".then(() => {{ {sent}; }});" if answers else flow,
        "end": "last.then(() => " + (in_slices(ends, "() => client.end()")[:-1] if ends else
                                     "client.end()") + ");",
        "helper": join(f"setInterval(() => {{}}, {max(1, round(beat * 1000))});" if beat else "",
                       'process.on("SIGTERM", () => {});'
                       if server.fault == "ignores_sigterm" else ""),
        "start": start,
    }, port=PORT, address=ADDRESS, backlog=server.way("backlog", 511)) + "\n"
