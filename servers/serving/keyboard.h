/* Somebody at the keyboard of a server. */
#ifndef SERVERS_SERVING_KEYBOARD_H
#define SERVERS_SERVING_KEYBOARD_H

/* Sends this process a signal as soon as Enter is pressed or stdin has ended. Its own thread waits
 * for that, so that every model can be ended so. 0 or -errno. */
int keyboard_signal_at_enter(int signal_number);

#endif
