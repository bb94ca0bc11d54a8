#include "grader/arena/arena.h"

#include "base/clock.h"
#include "base/descriptor_passing.h"
#include "base/language.h"
#include "base/memory.h"
#include "base/process.h"
#include "grader/arena/keeper.h"
#include "grader/arena/terminal.h"
#include "grader/intake/folder_size.h"
#include "observe/task_files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

const char *isolation_name(enum isolation isolation)
{
    static const char *const names[] = {
        [ISOLATION_ROOT] = N_("root namespaces"),
        [ISOLATION_USER] = N_("user namespaces"),
        [ISOLATION_NETWORK] = N_("network only"),
        [ISOLATION_NONE] = N_("none"),
    };
    return names[isolation];
}

/*** While it runs ***/

static void note_report(struct arena *arena, const struct keeper_report *report)
{
    if (report->kind == REPORT_EMPTY)
        arena->is_empty = true;
    if (report->kind != REPORT_ENDED || report->run > arena->run_count)
        return;
    bool *has_ended =
        report->run == 0 ? &arena->has_ended : &arena->runs[report->run - 1].has_ended;
    int *wait_status =
        report->run == 0 ? &arena->wait_status : &arena->runs[report->run - 1].wait_status;
    *has_ended = true;
    *wait_status = report->wait_status;
}

/* A copy of what the keeper holds, or KEEPER_HOLDS_IT. */
static int copy_from_keeper(const struct arena *arena, int held_fd)
{
    int keeper = (int)syscall(SYS_pidfd_open, arena->keeper, 0);
    int fd = (int)syscall(SYS_pidfd_getfd, keeper, held_fd, 0);
    descriptor_close(&keeper);
    return fd >= 0 ? fd : KEEPER_HOLDS_IT;
}

static int take_answer(const struct arena *arena, const struct keeper_report *answer, int fd)
{
    if (answer->kind == REPORT_SOCKET && answer->error == KEEPER_HOLDS_IT)
        return copy_from_keeper(arena, answer->fd);
    return answer->error < 0 ? answer->error : fd >= 0 ? fd : 0;
}

/* The keeper answers at once, unless it is to end thousands of processes. One that does not is not
 * asked again: the submission may have stopped it, where it can reach it. */
#define ANSWER_NS (60 * NS_PER_S)

/* It may end what it has started for longer than the grading lasts, but do nothing else then. */
static int64_t answer_deadline_ns(const struct arena *arena, const struct keeper_request *request)
{
    int64_t now_ns = clock_now_ns();
    if (request->kind == REQUEST_END || arena->end_ns > now_ns + ANSWER_NS)
        return now_ns + ANSWER_NS;
    return (arena->end_ns > now_ns ? arena->end_ns : now_ns) + NS_PER_S;
}

/* Asks the keeper, and takes note of what it reports before it answers. The descriptor that came
 * with the answer, if any, or 0; or -errno. */
static int ask_with(struct arena *arena, const struct keeper_request *request, int passed_fd,
                    enum keeper_report_kind answer)
{
    int64_t deadline_ns = answer_deadline_ns(arena, request);
    if (arena->is_lost)
        return -EPIPE;
    int sent = descriptors_send(arena->control_fd, request, sizeof *request, &passed_fd,
                                passed_fd >= 0, MSG_DONTWAIT);
    if (sent < 0)
        return sent;
    for (;;) {
        struct keeper_report report;
        int fd = -1;
        int error = keeper_receive(arena->control_fd, &report, &fd, deadline_ns);
        arena->is_lost = error < 0;
        if (error < 0)
            return error;
        if (report.kind == answer)
            return take_answer(arena, &report, fd);
        note_report(arena, &report);
    }
}

static int ask(struct arena *arena, const struct keeper_request *request,
               enum keeper_report_kind answer)
{
    return ask_with(arena, request, -1, answer);
}

int arena_socket(struct arena *arena, int family, int type, int protocol)
{
    const struct keeper_request request = {
        .kind = REQUEST_SOCKET, .family = family, .type = type, .protocol = protocol};
    return ask(arena, &request, REPORT_SOCKET);
}

int arena_segments(struct arena *arena)
{
    const struct keeper_request request = {.kind = REQUEST_SEGMENTS};
    return ask(arena, &request, REPORT_SOCKET);
}

int arena_end_submission(struct arena *arena)
{
    const struct keeper_request request = {.kind = REQUEST_END};
    int error = ask(arena, &request, REPORT_ALL_ENDED);
    arena->is_empty = true;
    return error;
}

int arena_stop_submission(struct arena *arena)
{
    const struct keeper_request request = {.kind = REQUEST_STOP};
    return ask(arena, &request, REPORT_STOPPED);
}

int arena_start_again(struct arena *arena)
{
    const struct keeper_request request = {.kind = REQUEST_START};
    int error = ask(arena, &request, REPORT_STARTED);
    arena->is_empty = arena->has_ended = false;
    return error;
}

int arena_start_run(struct arena *arena, unsigned other, const char *name)
{
    int program_end = -1;
    if (arena->run_count >= KEEPER_RUNS_MAX)
        return -EAGAIN;
    struct arena_run run = {.name = name};
    run.terminal_fd = terminal_open(&program_end, &run.terminal);
    if (run.terminal_fd < 0)
        return run.terminal_fd;
    arena->runs = reallocate(arena->runs, arena->run_count + 1, sizeof *arena->runs);
    arena->runs[arena->run_count++] = run;
    const struct keeper_request request = {
        .kind = REQUEST_START, .command = other + 1, .run = (unsigned)arena->run_count};
    int error = ask_with(arena, &request, program_end, REPORT_STARTED);
    descriptor_close(&program_end);
    arena->is_empty = arena->is_empty && error < 0;
    return error < 0 ? error : (int)arena->run_count - 1;
}

struct arena_run arena_look_at(const struct arena *arena, size_t run)
{
    if (run != ARENA_SUBMISSION)
        return arena->runs[run];
    return (struct arena_run){.terminal_fd = arena->terminal_fd,
                              .terminal = arena->terminal,
                              .output = arena->output,
                              .output_bytes = arena->output_bytes,
                              .has_ended = arena->has_ended,
                              .wait_status = arena->wait_status};
}

int64_t arena_printed_bytes(const struct arena *arena)
{
    int64_t bytes = arena->output_bytes;
    for (size_t i = 0; i < arena->run_count; i++)
        bytes += arena->runs[i].output_bytes;
    return bytes;
}

void arena_type(const struct arena *arena, size_t run, const struct bytes *text)
{
    int terminal_fd = arena_look_at(arena, run).terminal_fd;
    if (terminal_fd < 0)
        return;
    ssize_t typed = write(terminal_fd, bytes_front(text), text->length);
    (void)typed; /* a terminal that nobody reads from fills up */
    /* The kernel would hand it over later, in a worker of its own. Polling the other end makes it
     * do so now: from here on it is the submission's turn. */
    struct pollfd other_end = {.events = POLLIN};
    other_end.fd = ioctl(terminal_fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    poll(&other_end, 1, 0);
    descriptor_close(&other_end.fd);
}

static bool has_input(int fd)
{
    struct pollfd source = {.fd = fd, .events = POLLIN};
    return poll(&source, 1, 0) == 1; /* bytes, or the end */
}

static void keep_output(struct arena *arena, const char *data, size_t count)
{
    size_t room = OUTPUT_HEAD_BYTES - arena->output_head.length;
    bytes_append(&arena->output_head, data, count < room ? count : room);
    bytes_append(&arena->output, data, count);
    if (arena->output.length > OUTPUT_KEPT_BYTES)
        bytes_consume(&arena->output, arena->output.length - OUTPUT_KEPT_BYTES);
    arena->output_bytes += (int64_t)count;
}

/* The end of a run's output comes when all have closed its terminal: reading fails then. */
static bool drain_run(struct arena_run *run)
{
    char data[4096];
    ssize_t count = 0;
    bool is_new = false;
    for (int i = 0; i < 64 && (count = read(run->terminal_fd, data, sizeof data)) > 0; i++) {
        bytes_append(&run->output, data, (size_t)count);
        if (run->output.length > OUTPUT_KEPT_BYTES)
            bytes_consume(&run->output, run->output.length - OUTPUT_KEPT_BYTES);
        run->output_bytes += (int64_t)count;
        is_new = true;
    }
    if (count < 0 && errno == EIO)
        descriptor_close(&run->terminal_fd);
    return is_new;
}

bool arena_drain(struct arena *arena)
{
    bool is_new = false;
    char data[4096];
    ssize_t count = 0;
    /* Bounded: a submission that prints without end must not keep us here. */
    for (int i = 0; i < 64 && (count = read(arena->terminal_fd, data, sizeof data)) > 0; i++) {
        keep_output(arena, data, (size_t)count);
        is_new = true;
    }
    for (size_t i = 0; i < arena->run_count; i++)
        is_new |= arena->runs[i].terminal_fd >= 0 && drain_run(&arena->runs[i]);
    while (!arena->is_empty && !arena->is_lost && has_input(arena->control_fd)) {
        struct keeper_report report;
        int fd = -1;
        if (keeper_receive(arena->control_fd, &report, &fd, clock_now_ns()) < 0) {
            arena->is_lost = true;
            break;
        }
        note_report(arena, &report);
        is_new = true;
    }
    return is_new;
}

/*** Its end ***/

/* Waits for the keeper's end; false at the deadline. */
static bool await_keeper(pid_t keeper, int64_t deadline_ns)
{
    const struct process process = {
        .pid = keeper, .pidfd = (int)syscall(SYS_pidfd_open, keeper, 0), .output_fd = -1};
    bool has_ended = process.pidfd < 0 || process_wait_until(&process, deadline_ns);
    if (process.pidfd >= 0)
        close(process.pidfd);
    while (has_ended && waitpid(keeper, NULL, 0) < 0 && errno == EINTR)
        continue;
    return has_ended;
}

/* Returns when the last process has gone, or cannot be ended. */
static void end_keeper(struct arena *arena)
{
    if (arena->keeper <= 0)
        return;
    /* By the keeper, while it lives: all at once. If the keeper died first, a fork bomb would grow
     * while the keeper's memory is released, which needs the same locks. */
    if (arena->has_started && !arena->is_lost)
        arena_end_submission(arena);
    bool has_ended = false;
    if (arena->isolation == ISOLATION_NONE) {
        shutdown(arena->control_fd, SHUT_RDWR); /* it then ends all that is below it */
        kill(arena->keeper, SIGCONT);
        has_ended = await_keeper(arena->keeper, clock_now_ns() + ANSWER_NS);
    }
    if (!has_ended) {
        kill(arena->keeper, SIGKILL); /* and the kernel whatever is left in the namespace */
        await_keeper(arena->keeper, clock_now_ns() + ANSWER_NS);
    }
    arena->keeper = -1;
    arena->is_empty = true;
}

/* Walking through a folder takes longer than looking at the processes. */
#define FOLDER_INTERVAL_NS (200 * NS_PER_MS)

static bool has_filled_folder(struct arena *arena)
{
    int64_t now_ns = clock_now_ns();
    if (arena->watched_folder == NULL || now_ns - arena->watched_ns < FOLDER_INTERVAL_NS)
        return false;
    arena->watched_ns = now_ns;
    return folder_size_exceeds(arena->watched_folder, arena->limits->folder_bytes,
                               arena->limits->folder_files);
}

/* What no control group does for us. */
static enum limit watch(struct arena *arena, const struct task_list *tasks)
{
    const struct limit_group *group = &arena->group;
    enum limit limit = LIMIT_NONE;
    if (!group->has_processes) {
        arena->subject.running_max = group->limits.running; /* there may be more clients now */
        limit = limits_watch_processes(&group->limits, tasks);
    }
    return limit == LIMIT_NONE ? usage_watch_look(&arena->watch, &group->limits, tasks) : limit;
}

void arena_end_for(struct arena *arena, enum limit limit)
{
    if (arena->limit != LIMIT_NONE || limit == LIMIT_NONE)
        return;
    arena->limit = limit;
    end_keeper(arena);
}

void arena_hold_to_limits(struct arena *arena, const struct task_list *tasks)
{
    if (arena->limit != LIMIT_NONE)
        return;
    enum limit limit = limit_group_reached(&arena->group);
    if (limit == LIMIT_NONE)
        limit = limits_reached(arena->limits, tasks, arena_printed_bytes(arena));
    if (limit == LIMIT_NONE)
        limit = watch(arena, tasks);
    int64_t now_ns = clock_now_ns();
    if (now_ns - arena->begin_ns > arena->limits->wall_ns)
        limit = LIMIT_WALL;
    if (now_ns > arena->end_ns)
        limit = LIMIT_GRADING;
    if (has_filled_folder(arena))
        limit = LIMIT_FOLDER;
    arena_end_for(arena, limit);
}

void arena_close(struct arena *arena)
{
    end_keeper(arena);
    usage_watch_close(&arena->watch);
    limit_group_close(&arena->group);
    descriptor_close(&arena->control_fd);
    descriptor_close(&arena->subject.netlink_fd);
    task_files_free(arena->subject.files);
    arena->subject.files = NULL;
    descriptor_close(&arena->terminal_fd);
    bytes_release(&arena->output_head);
    bytes_release(&arena->output);
    for (size_t i = 0; i < arena->run_count; i++) {
        descriptor_close(&arena->runs[i].terminal_fd);
        bytes_release(&arena->runs[i].output);
    }
    free(arena->runs);
    arena->runs = NULL;
    arena->run_count = 0;
    free(arena->watched_folder);
    arena->watched_folder = NULL;
}
