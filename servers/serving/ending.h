/* How serving ends.
 *
 * There is one way to stop a server, and it works for a thread that sleeps in recv(2) as well as
 * for a loop that sleeps in epoll_wait(2): the taps are closed. service_stop() shuts the listeners
 * and the receiving side of every client down, so accept fails, every recv first gives what had
 * already arrived and then the end of the stream, and each model comes to its end by the code it
 * has anyway. A client that does not take its replies in DRAIN_SECONDS is cut off. One that is
 * still sending at that moment may be reset, and lose replies that it has not read: the server
 * answers what had arrived, and cannot wait for what has not. --until is the same end, begun by the
 * service itself: it sends the signal.
 */
#ifndef SERVERS_SERVING_ENDING_H
#define SERVERS_SERVING_ENDING_H

struct service;

/* Ends serving, as the top of this file tells. Safe in a signal handler. */
void service_stop(struct service *service);

/* SIGTERM and SIGINT stop the service from now on, and so does Enter under UNTIL_ENTER. Only one
 * service of a process can be stopped so. 0 or -errno. */
int service_stop_on_signals(struct service *service);

/* They are ignored from now on, so that the service can be closed. */
void service_leave_signals(void);

#endif
