/* Why a client waits: one line that the picture proves, or nothing. */
#ifndef WATCH_WHY_H
#define WATCH_WHY_H

#include "watch/picture.h"

/* Fills in `why` of the clients that wait for the server. */
void why_explain(struct picture *picture);

#endif
