#include "servers/protocols/protocols.h"

#include "servers/protocols/protocol.h"

#include <string.h>

const struct protocol *const protocols[] = {
    &protocol_echo,     &protocol_sink,      &protocol_prefix,
    &protocol_command,  &protocol_login,     &protocol_http,
    &protocol_exchange, &protocol_key_value, NULL,
};

const struct protocol *protocol_find(const char *name)
{
    for (const struct protocol *const *protocol = protocols; *protocol != NULL; protocol++)
        if (strcmp((*protocol)->name, name) == 0)
            return *protocol;
    return NULL;
}
