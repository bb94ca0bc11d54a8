#include "grader/arena/arena.h"

#include "base/clock.h"
#include "base/descriptor_passing.h"
#include "base/language.h"
#include "base/process.h"
#include "grader/arena/keeper.h"
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
    if (report->kind != REPORT_ENDED)
        return;
    arena->has_ended = true;
    arena->wait_status = report->wait_status;
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
static int ask(struct arena *arena, const struct keeper_request *request,
               enum keeper_report_kind answer)
{
    int64_t deadline_ns = answer_deadline_ns(arena, request);
    if (arena->is_lost)
        return -EPIPE;
    if (send(arena->control_fd, request, sizeof *request, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return -errno;
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

void arena_type(const struct arena *arena, const struct bytes *text)
{
    ssize_t typed = write(arena->terminal_fd, bytes_front(text), text->length);
    (void)typed; /* a terminal that nobody reads from fills up */
    /* The kernel would hand it over later, in a worker of its own. Polling the other end makes it
     * do so now: from here on it is the submission's turn. */
    struct pollfd other_end = {.events = POLLIN};
    other_end.fd = ioctl(arena->terminal_fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
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
        limit = limits_reached(arena->limits, tasks, arena->output_bytes);
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
    free(arena->watched_folder);
    arena->watched_folder = NULL;
}
