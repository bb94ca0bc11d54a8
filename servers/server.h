/* The one interface between a server's concurrency model and everything else.
 *
 * A model owns waiting and working: it calls accept4(2), decides who waits where, and hands each
 * client to connection.c. It knows no protocol; a protocol knows no model.
 */
#ifndef SERVERS_SERVER_H
#define SERVERS_SERVER_H

#include <stddef.h>

struct service;

/* Serves clients of service->listener until service_is_stopping() and every client it holds has
 * been let go. 0, or -errno if it could not go on. */
typedef int serve_function(struct service *service);

/* What a model needs of the machine. */
enum model_needs {
    MODEL_NEEDS_IO_URING = 1 << 0,
};

struct server_model {
    const char *name;
    const char *summary; /* one line, for `proctor list models` */
    unsigned needs;      /* enum model_needs, or-ed */
    serve_function *serve;
};

/* All models, in teaching order; the last entry is NULL. */
extern const struct server_model *const server_models[];

/* NULL if there is none of that name. */
const struct server_model *server_model_find(const char *name);

/* 0 if this machine can run the model, or -errno, with the reason in `*reason`. */
int server_model_check(const struct server_model *model, const char **reason);

#endif
