#include "grader/arena/network.h"

#include "observe/proc.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ipv6.h> /* after netinet/in.h, which it leaves to */

/*** Settings ***/

/* Settings of our own network; the host's are others. */
#define SETTING "/proc/sys/net/ipv4/"

/* All of them are conveniences: where one is refused, the old value stays. */
static void set(const char *setting, const char *value)
{
    proc_write(value, "%s", setting);
}

/* Goes on in a network whose table of connections is small. To list them the kernel walks through
 * the whole table, and that of the host, which all networks share otherwise, has hundreds of
 * thousands: that was half of what a grading cost. The size is a setting of the network from which
 * a new one is made (since Linux 6.1; before, nothing changes), and two limits follow from it that
 * a submission would notice: they are set back. See tcp_child_ehash_entries in the kernel's
 * Documentation/networking/ip-sysctl.rst. */
static void leave_large_tables(void)
{
    static const char *const limits[] = {SETTING "tcp_max_tw_buckets",
                                         SETTING "tcp_max_syn_backlog"};
    char before[2][32];
    for (size_t i = 0; i < 2; i++)
        if (proc_read(before[i], sizeof before[i], "%s", limits[i]) <= 0)
            return;
    set(SETTING "tcp_child_ehash_entries", "64");
    if (unshare(CLONE_NEWNET) < 0)
        return;
    for (size_t i = 0; i < 2; i++)
        set(limits[i], before[i]);
}

/* In a network of its own a submission may listen on port 80. */
static void free_all_ports(void)
{
    set(SETTING "ip_unprivileged_port_start", "0");
}

/*** Interfaces ***/

static int bring_loopback_up(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int error = ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;
    close(fd);
    return error;
}

/* Addresses for documentation (RFC 5737 and 3849), which nobody has. */
#define OWN_IPV4 "198.51.100.1"
#define OWN_IPV6 "2001:db8:198:51:100::1"

/* Adds to the loopback interface, under a label of its own, an address that is a network alone. */
static void add_ipv4_address(void)
{
    struct ifreq request = {.ifr_name = "lo:own"};
    struct sockaddr_in *address = (struct sockaddr_in *)&request.ifr_addr;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    address->sin_family = AF_INET;
    inet_pton(AF_INET, OWN_IPV4, &address->sin_addr);
    if (ioctl(fd, SIOCSIFADDR, &request) == 0) {
        address->sin_addr.s_addr = INADDR_BROADCAST;
        ioctl(fd, SIOCSIFNETMASK, &request);
    }
    close(fd);
}

static void add_ipv6_address(void)
{
    struct in6_ifreq request = {.ifr6_prefixlen = 128, .ifr6_ifindex = (int)if_nametoindex("lo")};
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    inet_pton(AF_INET6, OWN_IPV6, &request.ifr6_addr);
    ioctl(fd, SIOCSIFADDR, &request);
    close(fd);
}

/* getaddrinfo() with AI_ADDRCONFIG, which Perl and Node ask for, leaves out a family of which the
 * machine has only the loopback address: in a network of loopback alone it finds nothing at all. A
 * convenience, too: where the kernel has no IPv6, there is none to be found. */
static void add_own_addresses(void)
{
    add_ipv4_address();
    add_ipv6_address();
}

int network_set_up(void)
{
    leave_large_tables();
    free_all_ports();
    int error = bring_loopback_up();
    if (error == 0)
        add_own_addresses();
    return error;
}
