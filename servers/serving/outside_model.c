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

static const struct server_model *load(const char *file, char **fault)
{
    void *object = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (object == NULL) {
        *fault = text_of("cannot be loaded: %s", dlerror());
        return NULL;
    }
    const struct server_model *model = dlsym(object, "proctor_model");
    *fault = find_fault(model);
    if (*fault == NULL)
        return model;
    dlclose(object);
    return NULL;
}

const struct server_model *outside_model_load(const char *path, char **complaint)
{
    char *file = realpath(path, NULL); /* dlopen would look for a bare name elsewhere */
    if (file == NULL) {
        *complaint = text_of("%s: %s", path, strerror(errno));
        return NULL;
    }
    char *fault = NULL;
    const struct server_model *model = load(file, &fault);
    if (fault != NULL)
        *complaint = text_of("%s %s", path, fault);
    free(fault);
    free(file);
    return model;
}
