/* The guest: process 1, which is this very program, from an initramfs with nothing else in it.
 *
 * Before it is saved, it mounts what the kernel offers, loads modules, brings lo up, and maps the
 * channel. Then it says that it is ready, and looks into the channel every millisecond of its own
 * time. Here it is stopped, saved, and gone on from.
 *
 * With the order it mounts the host's files (9p, read-only) below a layer in memory (overlayfs):
 * only now, as QEMU saves no machine that has them mounted. It runs the program in there, replies
 * with what that said, and switches the machine off. The program's own addresses are random, those
 * of what it starts are not (observe: /proc/sys/kernel/randomize_va_space): so its code and the
 * server's never share an address, though both may be proctor.
 */
#include "machine/guest.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/memory.h"
#include "machine/channel.h"
#include "machine/modules.h"
#include "machine/order.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_US 1000
#define OVERLAY "/all"

bool machine_is_guest(void)
{
    return getpid() == 1 && access(MACHINE_MARK_FILE, F_OK) == 0;
}

/*** Setting up ***/

/* What went wrong so far: it is said on the console, and in the reply if nothing could be run. */
static struct bytes complaints;

static void complain(const char *what, const char *which)
{
    const char *reason = strerror(errno);
    bytes_print(&complaints, "%s %s: %s; ", what, which, reason);
    printf("counted machine: %s %s: %s\n", what, which, reason);
    fflush(stdout);
}

/* Mounts, at a folder that is made if need be. */
static void mount_at(const char *what, const char *place, const char *type, unsigned long flags,
                     const char *options)
{
    mkdir(place, 0755);
    if (mount(what, place, type, flags, options) < 0)
        complain("cannot mount", place);
}

static void write_setting(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        complain("cannot set", path);
    if (fd >= 0)
        close(fd);
}

/* All that programs expect to find, below `root`. */
static void mount_kernel_files(const char *root)
{
    static const struct {
        const char *type, *place, *options;
    } mounts[] = {{"proc", "/proc", NULL},
                  {"sysfs", "/sys", NULL},
                  {"devtmpfs", "/dev", NULL},
                  {"devpts", "/dev/pts", "ptmxmode=666"},
                  {"tmpfs", "/dev/shm", NULL},
                  {"tracefs", "/sys/kernel/tracing", NULL},
                  {"cgroup2", "/sys/fs/cgroup", NULL}};
    for (size_t i = 0; i < sizeof mounts / sizeof mounts[0]; i++) {
        char *place = text_of("%s%s", root, mounts[i].place);
        mount_at(mounts[i].type, place, mounts[i].type, 0, mounts[i].options);
        free(place);
    }
}

static void load_modules(void)
{
    for (size_t i = 0; machine_modules[i] != NULL; i++) {
        char *path = text_of(MACHINE_MODULES_FOLDER "/%s.ko", machine_modules[i]);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0) {
            if (syscall(SYS_finit_module, fd, "", 0) < 0 && errno != EEXIST)
                complain("cannot load", path);
            close(fd);
        }
        free(path);
    }
}

static void bring_loopback_up(void)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0)
        complain("cannot bring up", "lo");
    if (fd >= 0)
        close(fd);
}

/* Does the file hold this number, as the kernel writes it? */
static bool holds(const char *folder, const char *name, const char *number)
{
    char *path = text_of("%s/%s", folder, name);
    char *text = NULL;
    size_t count = 0;
    bool does =
        file_read(path, 64, &text, &count) == 0 && strncmp(text, number, strlen(number)) == 0;
    free(text);
    free(path);
    return does;
}

/* The device of the channel among those of the bus: 1af4:1110, its memory the third resource. */
static int open_channel(struct channel *channel)
{
    glob_t devices;
    int error = -ENODEV;
    if (glob("/sys/bus/pci/devices/*", 0, NULL, &devices) != 0)
        return error;
    for (size_t i = 0; i < devices.gl_pathc && error == -ENODEV; i++) {
        const char *device = devices.gl_pathv[i];
        if (!holds(device, "vendor", "0x1af4") || !holds(device, "device", "0x1110"))
            continue;
        char *path = text_of("%s/enable", device);
        write_setting(path, "1");
        free(path);
        path = text_of("%s/resource2", device);
        error = channel_open(channel, path);
        free(path);
    }
    globfree(&devices);
    return error;
}

/*** Running what is ordered ***/

static void show_host(void)
{
    mount_at(MACHINE_HOST_TAG, "/host", "9p", MS_RDONLY,
             "trans=virtio,version=9p2000.L,cache=loose,msize=512000");
    mount_at("tmpfs", "/layer", "tmpfs", 0, "size=50%");
    mkdir("/layer/upper", 0755);
    mkdir("/layer/work", 0755);
    mount_at("overlay", OVERLAY, "overlay", 0,
             "lowerdir=/host,upperdir=/layer/upper,workdir=/layer/work");
    mount_kernel_files(OVERLAY);
    if (chroot(OVERLAY) < 0)
        complain("cannot enter", OVERLAY);
}

static _Noreturn void become(const struct machine_order *order, int output, int errors)
{
    struct rlimit stack = {order->stack_bytes, RLIM_INFINITY};
    struct rlimit files = {65536, 65536};
    setrlimit(RLIMIT_STACK, &stack);
    setrlimit(RLIMIT_NOFILE, &files);
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    setsid();
    if (chdir(order->folder) == 0)
        execve(order->words[0], order->words, order->environment);
    dprintf(STDERR_FILENO, "%.*s%s: %s\n", (int)complaints.length, bytes_front(&complaints),
            order->words[0], strerror(errno));
    _exit(127);
}

/* Reads both ends until both are closed. */
static void read_both(const int fds[2], struct bytes texts[2])
{
    static char block[65536];
    struct pollfd polled[2] = {{.fd = fds[0], .events = POLLIN}, {.fd = fds[1], .events = POLLIN}};
    while (polled[0].fd >= 0 || polled[1].fd >= 0) {
        poll(polled, 2, -1);
        for (size_t i = 0; i < 2; i++) {
            if (polled[i].fd < 0 || polled[i].revents == 0)
                continue;
            ssize_t count = read(polled[i].fd, block, sizeof block);
            if (count > 0)
                bytes_append(&texts[i], block, (size_t)count);
            else
                polled[i].fd = -1;
        }
    }
}

static void run(const struct machine_order *order, struct machine_reply *reply)
{
    int output[2];
    int errors[2];
    if (pipe2(output, O_CLOEXEC) < 0 || pipe2(errors, O_CLOEXEC) < 0)
        return;
    pid_t pid = fork();
    if (pid == 0)
        become(order, output[1], errors[1]);
    close(output[1]);
    close(errors[1]);
    struct bytes texts[2] = {0};
    read_both((const int[]){output[0], errors[0]}, texts);
    waitpid(pid, &reply->status, 0);
    reply->output = bytes_take_text(&texts[0]);
    reply->errors = bytes_take_text(&texts[1]);
}

static void obey(struct channel *channel, const char *text)
{
    struct machine_order *order = machine_order_read(text);
    struct machine_reply reply = {.status = -1};
    write_setting("/proc/sys/kernel/randomize_va_space", "2");
    show_host();
    if (order != NULL)
        run(order, &reply);
    if (reply.output == NULL)
        reply = (struct machine_reply){-1, text_of("%s", ""), text_of("it could not be run")};
    char *answer = machine_reply_write(&reply);
    if (answer == NULL || channel_put(channel, CHANNEL_REPLY, answer, strlen(answer)) < 0)
        channel_put(channel, CHANNEL_REPLY, "too long", 8);
}

static _Noreturn void power_off(void)
{
    reboot(RB_POWER_OFF);
    for (;;)
        pause();
}

_Noreturn void machine_guest(void)
{
    mount_kernel_files("");
    load_modules();
    bring_loopback_up();
    write_setting("/proc/sys/kernel/perf_event_paranoid", "-1");
    struct channel channel;
    if (open_channel(&channel) < 0) {
        complain("cannot open", "the channel");
        power_off();
    }
    printf("%s\n", MACHINE_READY);
    fflush(stdout);
    char *text = NULL;
    size_t count = 0;
    while ((text = channel_get(&channel, CHANNEL_ORDER, &count)) == NULL)
        usleep(LOOK_US);
    obey(&channel, text);
    power_off();
}
