#include "servers/models/models.h"

#include "base/io_uring_support.h"
#include "servers/server.h"

#include <string.h>

extern const struct server_model model_sequential;
extern const struct server_model model_fork;
extern const struct server_model model_prefork;
extern const struct server_model model_thread;
extern const struct server_model model_pool;
extern const struct server_model model_select;
extern const struct server_model model_poll;
extern const struct server_model model_epoll;
extern const struct server_model model_io_uring;

const struct server_model *const server_models[] = {
    &model_sequential, &model_fork, &model_prefork, &model_thread,   &model_pool,
    &model_select,     &model_poll, &model_epoll,   &model_io_uring, NULL,
};

const struct server_model *server_model_find(const char *name)
{
    for (const struct server_model *const *model = server_models; *model != NULL; model++)
        if (strcmp((*model)->name, name) == 0)
            return *model;
    return NULL;
}

int server_model_check(const struct server_model *model, const char **reason)
{
    if (model->needs & MODEL_NEEDS_IO_URING)
        return io_uring_check(reason);
    return 0;
}
