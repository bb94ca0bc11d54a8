#include "servers/serving/keyboard.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

static void *wait_for_enter(void *signal_number)
{
    char key = 0;
    ssize_t count = 0;
    do
        count = read(STDIN_FILENO, &key, 1);
    while ((count == 1 && key != '\n') || (count < 0 && errno == EINTR));
    kill(getpid(), (int)(intptr_t)signal_number);
    return NULL;
}

int keyboard_signal_at_enter(int signal_number)
{
    /* No signal to this thread: each shall end the sleep of the one that serves. */
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    int error = pthread_create(&thread, NULL, wait_for_enter, (void *)(intptr_t)signal_number);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error == 0)
        pthread_detach(thread);
    return -error;
}
