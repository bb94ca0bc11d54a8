/* What the bare servers have in common. */
#ifndef BENCH_BARE_LISTENER_H
#define BENCH_BARE_LISTENER_H

/* Listens on this port of 127.0.0.1; ends the program if that fails. The descriptor. */
int listen_on(const char *port);

#endif
