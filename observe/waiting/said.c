#include "observe/waiting/said.h"

#include "base/language.h"
#include "base/memory.h"
#include "observe/descriptor.h"
#include "observe/task.h"
#include "observe/wait.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

const char *signal_said(int number)
{
    const char *name = sigdescr_np(number);
    return name != NULL ? name : "Real-time signal";
}

char *task_said(const struct task *task, const char *name, const char *call, const char *on)
{
    if (task_is_stopped(task))
        return text_of(_("task %d (%s) is stopped"), task->tid, name);
    if (task->state == 'Z' && WIFSIGNALED(task->wait_status))
        return text_of(_("task %d (%s) was ended by signal %d (%s), and nothing has waited for it"),
                       task->tid, name, WTERMSIG(task->wait_status),
                       signal_said(WTERMSIG(task->wait_status)));
    if (task->state == 'Z')
        return text_of(_("task %d (%s) has ended with exit code %d, and nothing has waited for it"),
                       task->tid, name, WEXITSTATUS(task->wait_status));
    if (task->call < 0)
        return text_of(_("task %d (%s) is in state %c and in no system call"), task->tid, name,
                       task->state);
    if (call == NULL)
        call = _("a system call");
    return on != NULL ? text_of(_("task %d (%s) sleeps in %s on %s"), task->tid, name, call, on)
                      : text_of(_("task %d (%s) sleeps in %s"), task->tid, name, call);
}

bool wait_said(char *text, size_t text_bytes, const struct task *task, socket_name_function *name,
               const void *context)
{
    struct wait wait;
    wait_read_without_limit(&wait, task);
    const char *call = wait.call != NULL ? wait.call : _("a system call");
    bool is_on_one =
        wait.kind == WAIT_ACCEPT || wait.kind == WAIT_RECEIVE || wait.kind == WAIT_SEND;
    unsigned inode = is_on_one && wait.descriptor_count == 1
                         ? descriptor_socket_inode(task->tid, wait.descriptors[0])
                         : 0;
    const char *on = name(context, inode);
    if (on != NULL) /* TRANSLATORS: a system call, and whose connection it waits on */
        snprintf(text, text_bytes, _("%s on %s"), call, on);
    else
        snprintf(text, text_bytes, "%s", call);
    return inode == 0 || on != NULL;
}
