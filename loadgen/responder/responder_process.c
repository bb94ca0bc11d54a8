#include "loadgen/responder/responder_process.h"

#include "base/socket.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t shared_bytes(void)
{
    return sizeof(struct histogram) + histogram_slots() * sizeof(uint64_t);
}

/* A histogram with its counts behind it, in memory that this process will share with its child;
 * NULL: not available. */
static struct histogram *share_histogram(void)
{
    struct histogram *shared =
        mmap(NULL, shared_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return NULL;
    shared->counts = (uint64_t *)(shared + 1);
    histogram_clear(shared);
    return shared;
}

int responder_start(struct responder_process *process, const struct responder_plan *plan)
{
    address_parse_host("127.0.0.1", 0, &process->address);
    int listener = socket_listen(&process->address, 1024);
    if (listener < 0)
        return listener;
    socket_set_nonblocking(listener);
    address_of_socket(listener, &process->address);
    process->delays = share_histogram();
    process->pid = process->delays != NULL ? fork() : -1;
    if (process->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        _exit(responder_run(listener, plan, process->delays) < 0);
    }
    int error = process->pid < 0 ? -errno : 0;
    close(listener);
    if (error < 0 && process->delays != NULL)
        munmap(process->delays, shared_bytes());
    return error;
}

int responder_end(struct responder_process *process, struct histogram *delays)
{
    int status = 0;
    kill(process->pid, SIGTERM);
    waitpid(process->pid, &status, 0);
    if (status == 0 && delays != NULL)
        histogram_merge(delays, process->delays);
    munmap(process->delays, shared_bytes());
    return status == 0 ? 0 : -EPROTO;
}
