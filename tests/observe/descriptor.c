/* A walk through the descriptors of a process has an end. */
#include "observe/descriptor.h"

#include "base/address.h"
#include "base/socket.h"

#include <criterion/criterion.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_inode(int task, unsigned inode, void *sought)
{
    (void)task;
    return inode == *(unsigned *)sought;
}

Test(descriptor, no_more_are_looked_at_than_may_be)
{
    struct address any;
    struct stat status;
    cr_assert_eq(address_parse_host("127.0.0.1", 0, &any), 0);
    int listener = socket_listen(&any, 1);
    cr_assert_eq(fstat(listener, &status), 0);
    unsigned inode = (unsigned)status.st_ino;
    size_t all = process_descriptor_count(getpid(), 1000);
    cr_expect_gt(all, 3);
    cr_expect_eq(process_descriptor_count(getpid(), 2), 2);
    cr_expect_eq(process_descriptor_count(getpid(), 0), 0);
    size_t left = 1000;
    cr_expect(process_each_socket(getpid(), &left, is_inode, &inode));
    cr_expect_geq(left, 1000 - all);
    cr_expect_lt(left, 1000);
    left = 2;
    cr_expect_not(process_each_socket(getpid(), &left, is_inode, &inode), "it is a later one");
    cr_expect_eq(left, 0);
    close(listener);
}
