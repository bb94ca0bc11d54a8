#include "grader/arena/system_call_filter.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static const int denied[] = {
    /* namespaces and mounts */
    SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(chroot), SCMP_SYS(pivot_root), SCMP_SYS(mount),
    SCMP_SYS(umount2), SCMP_SYS(move_mount), SCMP_SYS(open_tree), SCMP_SYS(fsopen),
    SCMP_SYS(fsmount), SCMP_SYS(fspick), SCMP_SYS(fsconfig), SCMP_SYS(mount_setattr),
    SCMP_SYS(open_by_handle_at),
    /* the kernel itself */
    SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load), SCMP_SYS(reboot), SCMP_SYS(swapon), SCMP_SYS(swapoff),
    SCMP_SYS(acct), SCMP_SYS(syslog), SCMP_SYS(settimeofday), SCMP_SYS(clock_settime),
    SCMP_SYS(sethostname), SCMP_SYS(setdomainname),
    /* looking into others */
    SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(add_key), SCMP_SYS(request_key),
    SCMP_SYS(keyctl)};

static const int io_uring_calls[] = {SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter),
                                     SCMP_SYS(io_uring_register)};

static const int unnamed_files[] = {SCMP_SYS(memfd_create), SCMP_SYS(memfd_secret)};

static const uint64_t namespaces[] = {
    CLONE_NEWNS,  CLONE_NEWUSER,   CLONE_NEWPID, CLONE_NEWNET,
    CLONE_NEWIPC, CLONE_NEWCGROUP, CLONE_NEWUTS,
};

static const uint64_t socket_families[] = {AF_VSOCK, AF_PACKET, AF_ALG};

/* Both type on the terminal as if a person did. */
static const uint64_t terminal_requests[] = {TIOCSTI, TIOCLINUX};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static int deny_all(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count)
{
    int error = 0;
    for (size_t i = 0; i < count && error == 0; i++)
        error = seccomp_rule_add(filter, action, calls[i], 0);
    return error;
}

static int deny_arguments(scmp_filter_ctx filter)
{
    uint32_t refuse = SCMP_ACT_ERRNO(EPERM);
    int error = 0;
    for (size_t i = 0; i < COUNT(namespaces) && error == 0; i++)
        error = seccomp_rule_add(filter, refuse, SCMP_SYS(clone), 1,
                                 SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces[i], namespaces[i]));
    for (size_t i = 0; i < COUNT(socket_families) && error == 0; i++)
        error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
                                 SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, socket_families[i]));
    if (error == 0) /* its own limits only: others' are the keeper's */
        error = seccomp_rule_add(filter, refuse, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_NE, 0));
    for (size_t i = 0; i < COUNT(terminal_requests) && error == 0; i++)
        error = seccomp_rule_add(filter, refuse, SCMP_SYS(ioctl), 1,
                                 SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, terminal_requests[i]));
    return error;
}

/* Libraries do without files that have no name, as older kernels know none. */
static int bound_shared_memory(scmp_filter_ctx filter)
{
    const uint64_t flags = MAP_SHARED | MAP_ANONYMOUS;
    int error = deny_all(filter, SCMP_ACT_ERRNO(ENOSYS), unnamed_files, COUNT(unnamed_files));
    return error < 0 ? error
                     : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOMEM), SCMP_SYS(mmap), 2,
                                        SCMP_A1(SCMP_CMP_GT, SHARED_ANONYMOUS_MAX_BYTES),
                                        SCMP_A3(SCMP_CMP_MASKED_EQ, flags, flags));
}

static int add_rules(scmp_filter_ctx filter, const struct system_call_filter_plan *plan)
{
    int error = deny_all(filter, SCMP_ACT_ERRNO(EPERM), denied, COUNT(denied));
    if (error == 0 && plan->bounds_shared_memory)
        error = bound_shared_memory(filter);
    if (error == 0 && plan->denies_io_uring)
        error = deny_all(filter, SCMP_ACT_ERRNO(ENOSYS), io_uring_calls, COUNT(io_uring_calls));
    /* Its flags lie in memory, where a filter cannot see them; libraries fall back on clone(). */
    if (error == 0)
        error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return error == 0 ? deny_arguments(filter) : error;
}

int system_call_filter_open(const struct system_call_filter_plan *plan)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int fd = memfd_create("filter", MFD_CLOEXEC);
    int error = filter == NULL ? -ENOMEM : fd < 0 ? -errno : add_rules(filter, plan);
    if (error == 0)
        error = seccomp_export_bpf(filter, fd);
    if (filter != NULL)
        seccomp_release(filter);
    if (error == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return error;
}

int system_call_filter_load(const struct system_call_filter_plan *plan)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int error = filter == NULL ? -ENOMEM : add_rules(filter, plan);
    if (error == 0)
        error = seccomp_load(filter);
    if (filter != NULL)
        seccomp_release(filter);
    return error;
}
