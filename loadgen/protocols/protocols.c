#include "loadgen/protocols/protocols.h"

#include <string.h>

const struct load_protocol *const load_protocols[] = {
    &load_protocol_echo, &load_protocol_exchange,  &load_protocol_http,
    &load_protocol_sink, &load_protocol_key_value, NULL,
};

const struct load_protocol *load_protocol_find(const char *name)
{
    for (const struct load_protocol *const *protocol = load_protocols; *protocol != NULL;
         protocol++)
        if (strcmp((*protocol)->name, name) == 0)
            return *protocol;
    return NULL;
}
