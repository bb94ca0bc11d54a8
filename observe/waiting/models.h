/* The concurrency models that a server can be found to have. */
#ifndef OBSERVE_WAITING_MODELS_H
#define OBSERVE_WAITING_MODELS_H

enum model {
    MODEL_SEQUENTIAL,
    MODEL_FORK,
    MODEL_PREFORK,
    MODEL_THREAD,
    MODEL_POOL,
    MODEL_SELECT,
    MODEL_POLL,
    MODEL_EPOLL,
    MODEL_IO_URING,
    MODEL_ONE_CLIENT,
    MODEL_BUSY_LOOP,
    MODEL_UNKNOWN,
};

/* Their names, in this order; NULL at the end. */
extern const char *const model_names[];

#endif
