#include "results/export/client_label.h"

#include "base/memory.h"
#include "results/recording/recorded.h"

char *client_label(const struct recorded_client *client)
{
    return client->name != NULL ? text_of("%s (number %d)", client->name, client->id)
                                : text_of("client %d", client->id);
}
