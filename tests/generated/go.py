"""Servers in Go: to those who look from outside, a goroutine for each client is a loop of the runtime's,
and a client at a time is a client at a time."""
from fill import fill, join
from server import ADDRESS, PORT

SOURCE = """
package main

import (
	"bytes"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// What is not used everywhere.
var _, _, _, _ = bytes.Index, os.Open, signal.Ignore, syscall.SIGTERM

var kept []any

func pause(seconds float64) {
	time.Sleep(time.Duration(seconds * float64(time.Second)))
}

func isTimeout(err error) bool {
	late, ok := err.(net.Error)
	return ok && late.Timeout()
}

func serve(client *net.TCPConn) {
	@entry
	data := make([]byte, {buffer})
	for {
		@deadline
		count, err := client.Read(data)
		@late
		if err != nil {
			@failed
		}
		answer := data[:count]
		@work
		@send
	}
	@end
}

func main() {
	@start
	at, _ := net.ResolveTCPAddr("tcp", "{address}:{port}")
	listener, err := net.ListenTCP("tcp", at)
	if err != nil {
		panic(err)
	}
	for {
		@accept_deadline
		client, err := listener.AcceptTCP()
		if err == nil {
			@serve
		}
	}
}
"""

LATE = """
if err != nil && isTimeout(err) {
	continue
}
"""
COMPUTE = """
for until := time.Now().Add({milliseconds} * time.Millisecond); time.Now().Before(until); {
}
"""
PIECES = """
for from := 0; from < len(answer); from += {pieces} {
	if _, err := client.Write(answer[from:min(from+{pieces}, len(answer))]); err != nil {
		break
	}
}
"""
MIN = """
func min(one, other int) int {
	if one < other {
		return one
	}
	return other
}
"""
FIRST_LINE = """
if end := bytes.IndexByte(answer, '\\n'); end >= 0 {
	answer = answer[:end+1]
}
"""


def in_slices(value):
    count, seconds = value
    return f"for left := {count}; left > 0; left-- {{\n\tpause({seconds})\n}}"


def work(server):
    slices, sleep, milliseconds = (server.way(name) for name in (
        "answers_in_slices", "sleeps_before_answer", "computes"))
    return join(
        in_slices(slices) if slices else "",
        f"pause({sleep})" if sleep else "",
        fill(COMPUTE, milliseconds=milliseconds) if milliseconds else "",
        FIRST_LINE if server.fault == "answers_first_line_only" else "",
        'answer = bytes.TrimRight(answer, "\\n")' if server.fault == "strips_line_end" else "")


def end(server):
    if server.fault == "never_closes":
        return "kept = append(kept, client)"
    slices, sleep = server.way("closes_in_slices"), server.way("sleeps_before_close")
    return join(in_slices(slices) if slices else "", f"pause({sleep})" if sleep else "",
                "client.CloseWrite()" if server.way("shuts_down_first") else "", "client.Close()")


def start(server):
    first, count, beat = (server.way(name) for name in ("sleeps_first", "counts_down", "heartbeat"))
    return join(
        f"go func() {{\n\tfor {{\n\t\tpause({beat})\n\t}}\n}}()" if beat else "",
        "signal.Ignore(syscall.SIGTERM)" if server.fault == "ignores_sigterm" else "",
        f"pause({first})" if first else "", in_slices(count) if count else "")


def write(server):
    """The source of a server in Go."""
    pieces = server.way("sends_in_pieces")
    receive, accept = server.way("receive_timeout"), server.way("accept_timeout")
    entry = server.way("works_before_reading")
    text = fill(SOURCE, {
        "entry": f"pause({entry})" if entry else "",
        "deadline": f"client.SetReadDeadline(time.Now().Add({round(receive * 1e9)}))" if receive else "",
        "late": LATE if receive else "",
        "failed": "continue" if server.fault == "spins_after_the_end" else "break",
        "work": work(server),
        "send": fill(PIECES, pieces=pieces) if pieces else "client.Write(answer)",
        "end": "" if server.fault == "spins_after_the_end" else end(server),
        "start": start(server),
        "accept_deadline":
            f"listener.SetDeadline(time.Now().Add({round(accept * 1e9)}))" if accept else "",
        "serve": "serve(client)" if server.kind.model == "sequential" else "go serve(client)",
    }, port=PORT, address=ADDRESS, buffer=server.way("buffer", 65536))
    return join(text, MIN if pieces else "") + "\n"
