#include "grader/arena/terminal.h"

#include "base/descriptor_passing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static int open_program_end(int fd, dev_t *device)
{
    char name[64];
    struct stat status;
    struct termios settings;
    if (grantpt(fd) < 0 || unlockpt(fd) < 0 || ptsname_r(fd, name, sizeof name) != 0)
        return -errno;
    int end = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (end < 0 || fstat(end, &status) < 0)
        return -errno;
    *device = status.st_rdev;
    tcgetattr(end, &settings);
    settings.c_oflag &= ~(tcflag_t)OPOST;
    settings.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(end, TCSANOW, &settings);
    return end;
}

int terminal_open(int *program_end, dev_t *device)
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -errno;
    *program_end = open_program_end(fd, device);
    if (*program_end >= 0)
        return fd;
    int error = *program_end;
    *program_end = -1;
    descriptor_close(&fd);
    return error;
}
