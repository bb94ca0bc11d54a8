/* All models, in teaching order. */
#ifndef SERVERS_MODELS_MODELS_H
#define SERVERS_MODELS_MODELS_H

struct server_model;

/* The last entry is NULL. */
extern const struct server_model *const server_models[];

/* NULL if none has that name. */
const struct server_model *server_model_find(const char *name);

/* 0 if this machine can run the model, or -errno, with the reason in `*reason`. */
int server_model_check(const struct server_model *model, const char **reason);

#endif
