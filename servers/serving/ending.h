/* How serving ends.
 *
 * All servers are stopped in the same way, whether they sleep in recv(2) or in epoll_wait(2).
 * service_stop() shuts down the listeners and the receiving side of every client. Then accept
 * fails, every recv returns what had already arrived and then the end of the stream, and each model
 * ends through the code it has anyway. A client that does not take its replies within DRAIN_SECONDS
 * is cut off. One that is still sending at that moment may be reset, and lose replies that it has
 * not read: the server answers what had arrived, and does not wait for more. With --until the
 * service sends itself the signal, and ends in the same way.
 */
#ifndef SERVERS_SERVING_ENDING_H
#define SERVERS_SERVING_ENDING_H

struct service;

/* Ends serving as described above. Safe in a signal handler. */
void service_stop(struct service *service);

/* From now on SIGTERM and SIGINT stop the service, and under UNTIL_ENTER so does Enter. Only one
 * service in a process can be stopped like this. 0 or -errno. */
int service_stop_on_signals(struct service *service);

/* From now on both are ignored, so that the service can be closed. */
void service_leave_signals(void);

#endif
