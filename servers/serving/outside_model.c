#include "servers/serving/outside_model.h"

#include "base/memory.h"
#include "servers/server.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* NULL, or what is wrong with it. */
static char *find_fault(const struct server_model *model)
{
    if (model == NULL)
        return text_of("exports no proctor_model; see proctor/server.h");
    if (model->interface != SERVER_INTERFACE)
        return text_of(
            "was built for interface %u of proctor/server.h, but this proctor has %u; rebuild it",
            model->interface, SERVER_INTERFACE);
    if (model->name == NULL || model->serve == NULL)
        return text_of("exports a proctor_model that has no name or no serve function");
    return NULL;
}

const struct server_model *outside_model_load(const char *path, char **complaint)
{
    char *file = realpath(path, NULL); /* dlopen would look for a bare name elsewhere */
    if (file == NULL) {
        *complaint = text_of("%s: %s", path, strerror(errno));
        return NULL;
    }
    void *object = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    free(file);
    const struct server_model *model = object != NULL ? dlsym(object, "proctor_model") : NULL;
    char *fault = object != NULL ? find_fault(model) : text_of("cannot be loaded: %s", dlerror());
    if (fault == NULL)
        return model;
    *complaint = text_of("%s %s", path, fault);
    free(fault);
    if (object != NULL)
        dlclose(object);
    return NULL;
}
