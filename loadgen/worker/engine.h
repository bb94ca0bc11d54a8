/* How a load's thread waits for its clients' sockets and moves their bytes.
 *
 * An engine belongs to one worker and lives in its thread. It knows no requests: the worker says
 * that a client has something to send, and the engine fetches the bytes from client_outgoing() when
 * the socket takes them; whatever happens to a client it reports to the worker (worker_connected()
 * and those after it), from inside wait() or from the call that caused it.
 */
#ifndef LOADGEN_WORKER_ENGINE_H
#define LOADGEN_WORKER_ENGINE_H

#include <stdint.h>

struct client;
struct worker;

struct engine {
    const char *name, *summary;

    /* Does it work here? 0, or -errno with the reason as a sentence (a constant). */
    int (*check)(const char **reason);

    /* In the worker's thread; sets worker->engine_state. 0 or -errno. */
    int (*open)(struct worker *worker);
    void (*close)(struct worker *worker);

    /* The client's connect(2) is under way: worker_connected() will follow. */
    void (*connect)(struct worker *worker, struct client *client);

    /* The client has requests begun that are not sent. */
    void (*send)(struct worker *worker, struct client *client);

    /* Closes the client's socket. worker_closed() follows when nothing of it can come any more. */
    void (*hang_up)(struct worker *worker, struct client *client);

    /* Waits until something has happened, at most until then, and reports it. */
    void (*wait)(struct worker *worker, int64_t until_ns);
};

extern const struct engine engine_epoll;
extern const struct engine engine_io_uring;

#endif
