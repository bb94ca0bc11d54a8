/* Models that are not part of proctor: loaded from a shared object. */
#ifndef SERVERS_SERVING_OUTSIDE_MODEL_H
#define SERVERS_SERVING_OUTSIDE_MODEL_H

struct server_model;

/* Loads the model that the file at `path` exports as `proctor_model`; it stays loaded. NULL, with a
 * sentence in `*complaint` that names the file; the caller frees that. */
const struct server_model *outside_model_load(const char *path, char **complaint);

#endif
