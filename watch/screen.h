/* The picture on a full screen, by ncurses: keys come in, lines that draw.h makes go out. */
#ifndef WATCH_SCREEN_H
#define WATCH_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct screen;
struct history;

/* Takes the terminal over; NULL if it cannot be used. The terminal is as before after
 * screen_close(), or, however this process ends, when its guard has noticed. */
struct screen *screen_open(const char *target);
void screen_close(struct screen *screen);

/* Shows the latest picture of the history, or the one that is being looked at; `added`: pictures
 * that came to the history since the last time. */
void screen_show(struct screen *screen, struct history *history, size_t added);

/* Waits for keys until `due_ns` and obeys them. False: it is to end. */
bool screen_wait(struct screen *screen, struct history *history, int64_t due_ns);

#endif
