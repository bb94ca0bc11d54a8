/* How a correct submission behaves, as far as the checks need to know. */
#ifndef GRADER_PLAY_CONDUCT_H
#define GRADER_PLAY_CONDUCT_H

#include "grader/protocols/protocol.h"

#include <stdint.h>

enum role { ROLE_SERVER, ROLE_CLIENT };

enum transport { TRANSPORT_TCP, TRANSPORT_UDP };

enum keyboard { KEYBOARD_SILENT, KEYBOARD_CLOSED };

/* What must become of a second client while the first is silent. */
enum expectation {
    EXPECT_NOTHING, /* blocked or served, as long as it is clear which */
    EXPECT_BLOCKED,
    EXPECT_SERVED,
};

/* When a server may end by itself. */
#define ENDS_WHEN_FIRST "first-client"
#define ENDS_WHEN_LAST  "last-client"
#define ENDS_WHEN_ENTER "enter"

struct conduct {
    enum role role; /* a client connects to the port, where we listen */
    uint16_t port;  /* the one it must listen on; 0: whichever it does, over TCP */
    enum transport transport;
    enum keyboard keyboard;
    char **type; /* at the keyboard, when it starts */
    unsigned type_count;
    struct play_protocol protocol;
    char *stop_word; /* that ends a client's session, or NULL */
    char *model;     /* the one expected, or NULL */
    char *ends_when; /* ENDS_WHEN_FIRST and so on, or NULL: only when it is told to */
    enum expectation second_client;
    const char *farewell; /* what the first client says before it leaves, or NULL */
};

#endif
