#include "loadgen/responder/responder_process.h"

#include "base/socket.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t counts_bytes(const struct histogram *histogram)
{
    return histogram_slots() * sizeof histogram->counts[0];
}

static _Noreturn void respond(int listener, const struct responder_plan *plan, int report_fd)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct histogram delays;
    histogram_init(&delays);
    int error = responder_run(listener, plan, &delays);
    if (error == 0)
        error = socket_send_all(report_fd, &delays, sizeof delays);
    if (error == 0)
        error = socket_send_all(report_fd, delays.counts, counts_bytes(&delays));
    _exit(error < 0);
}

int responder_start(struct responder_process *process, const struct responder_plan *plan)
{
    address_parse_host("127.0.0.1", 0, &process->address);
    int report[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, report) < 0)
        return -errno;
    int listener = socket_listen(&process->address, 1024);
    if (listener < 0) {
        close(report[0]);
        close(report[1]);
        return listener;
    }
    socket_set_nonblocking(listener);
    address_of_socket(listener, &process->address);
    process->pid = fork();
    if (process->pid == 0)
        respond(listener, plan, report[1]);
    int error = process->pid < 0 ? -errno : 0;
    close(listener);
    close(report[1]);
    process->report_fd = report[0];
    if (error < 0)
        close(report[0]);
    return error;
}

static bool receive(int fd, void *data, size_t count)
{
    return recv(fd, data, count, MSG_WAITALL) == (ssize_t)count;
}

int responder_end(struct responder_process *process, struct histogram *delays)
{
    struct histogram told;
    struct histogram counts;
    histogram_init(&counts);
    kill(process->pid, SIGTERM);
    bool is_told = receive(process->report_fd, &told, sizeof told) &&
                   receive(process->report_fd, counts.counts, counts_bytes(&counts));
    told.counts = counts.counts;
    if (is_told && delays != NULL)
        histogram_merge(delays, &told);
    close(process->report_fd);
    waitpid(process->pid, NULL, 0);
    histogram_release(&counts);
    return is_told ? 0 : -EPROTO;
}
