/* Buffers, memory and last words. */
#include "base/bytes.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/random.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*** Bytes ***/

static void expect_content(const struct bytes *bytes, const char *text)
{
    cr_assert_eq(bytes->length, strlen(text), "%zu bytes instead of %zu", bytes->length,
                 strlen(text));
    cr_assert_eq(memcmp(bytes_front(bytes), text, strlen(text)), 0, "not \"%s\"", text);
}

Test(bytes, are_padded_by_letters)
{
    struct bytes bytes = {0};
    bytes_print(&bytes, "1. r\xc3\xa9ussi");
    bytes_pad(&bytes, 3, 8);
    expect_content(&bytes, "1. r\xc3\xa9ussi  ");
    bytes_pad(&bytes, 0, 3);
    expect_content(&bytes, "1. r\xc3\xa9ussi  ");
    bytes_release(&bytes);
}

Test(bytes, come_out_in_the_order_in_which_they_went_in)
{
    struct bytes bytes = {0};
    bytes_append(&bytes, "one", 3);
    bytes_append(&bytes, "", 0);
    bytes_append(&bytes, "two", 3);
    expect_content(&bytes, "onetwo");
    bytes_consume(&bytes, 2);
    expect_content(&bytes, "etwo");
    bytes_append(&bytes, "three", 5);
    expect_content(&bytes, "etwothree");
    bytes_consume(&bytes, 9);
    expect_content(&bytes, "");
    bytes_append(&bytes, "four", 4);
    expect_content(&bytes, "four");
    bytes_release(&bytes);
    cr_expect_eq(bytes.length, 0);
    cr_expect_null(bytes.block);
}

/* A stream of numbered bytes: what is appended and what is consumed never fall out of step. */
Test(bytes, grow_and_shrink_without_losing_any)
{
    struct bytes bytes = {0};
    uint64_t chance = 1;
    unsigned char next_in = 0;
    unsigned char next_out = 0;
    size_t widest = 0;
    for (int round = 0; round < 3000; round++) {
        unsigned char chunk[700];
        size_t in = random_below(&chance, sizeof chunk);
        for (size_t i = 0; i < in; i++)
            chunk[i] = next_in++;
        bytes_append(&bytes, chunk, in);
        widest = bytes.length > widest ? bytes.length : widest;
        size_t out = random_below(&chance, bytes.length + 1);
        for (size_t i = 0; i < out; i++)
            cr_assert_eq((unsigned char)bytes_front(&bytes)[i], next_out++, "round %d", round);
        bytes_consume(&bytes, out);
        cr_assert_leq(bytes.first + bytes.length, bytes.capacity_bytes);
    }
    cr_expect_gt(widest, sizeof(unsigned char[700]), "the queue never held two chunks");
    bytes_release(&bytes);
}

Test(bytes, contain_what_was_appended_and_not_consumed)
{
    struct bytes bytes = {0};
    cr_expect_not(bytes_contain(&bytes, "a", 1));
    bytes_append(&bytes, "stop", 4);
    bytes_append(&bytes, "\0word", 5);
    cr_expect(bytes_contain(&bytes, "stop", 4));
    cr_expect(bytes_contain(&bytes, "p\0w", 3));
    cr_expect(bytes_contain(&bytes, "word", 4));
    cr_expect_not(bytes_contain(&bytes, "words", 5));
    cr_expect_not(bytes_contain(&bytes, "stopword", 8));
    bytes_consume(&bytes, 1);
    cr_expect_not(bytes_contain(&bytes, "stop", 4));
    cr_expect(bytes_contain(&bytes, "top", 3));
    bytes_consume(&bytes, bytes.length);
    cr_expect_not(bytes_contain(&bytes, "word", 4));
    bytes_release(&bytes);
}

Test(bytes, print_appends_without_the_nul)
{
    struct bytes bytes = {0};
    bytes_print(&bytes, "%s-%d", "left", 12);
    expect_content(&bytes, "left-12");
    bytes_print(&bytes, "%s", "");
    bytes_print(&bytes, "%300s|", "right");
    cr_expect_eq(bytes.length, 7 + 300 + 1);
    cr_expect_eq(memcmp(bytes_front(&bytes) + 7 + 295, "right|", 6), 0);
    bytes_release(&bytes);
}

Test(bytes, give_back_a_large_block_when_emptied_and_keep_a_small_one)
{
    static const char data[100000];
    struct bytes bytes = {0};
    bytes_append(&bytes, data, sizeof data);
    bytes_consume(&bytes, sizeof data - 1);
    cr_expect_geq(bytes.capacity_bytes, sizeof data, "given back before it was empty");
    bytes_consume(&bytes, 1);
    cr_expect_eq(bytes.capacity_bytes, 0);
    cr_expect_null(bytes.block);

    bytes_append(&bytes, data, 100);
    const char *block = bytes.block;
    bytes_consume(&bytes, 100);
    cr_expect_eq(bytes.block, block);
    cr_expect_eq(bytes.first, 0);
    cr_expect_geq(bytes.capacity_bytes, 100);
    bytes_release(&bytes);
}

/*** Memory and messages ***/

Test(memory, is_zeroed_when_new_and_kept_when_grown)
{
    unsigned *numbers = allocate(1000, sizeof *numbers);
    for (unsigned i = 0; i < 1000; i++) {
        cr_assert_eq(numbers[i], 0);
        numbers[i] = i;
    }
    numbers = reallocate(numbers, 100000, sizeof *numbers);
    for (unsigned i = 0; i < 1000; i++)
        cr_assert_eq(numbers[i], i);
    free(numbers);
    char *text = text_of("%d-%s", 5, "five");
    cr_expect_str_eq(text, "5-five");
    free(text);
}

/* Before the sanitizers' own last words, if they are compiled in. */
static void leave_at_once(int code, void *context)
{
    (void)context;
    _exit(code);
}

Test(message, death_says_why_on_stderr_and_gives_its_code)
{
    int output[2];
    cr_assert_eq(pipe2(output, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(output[1], STDERR_FILENO);
        on_exit(leave_at_once, NULL);
        warn("first %d", 1);
        die(EXIT_PROCTOR_FAILED, "then %s", "this");
    }
    close(output[1]);
    char text[128] = "";
    size_t length = 0;
    ssize_t count;
    while ((count = read(output[0], text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)count;
    int status = 0;
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_expect(WIFEXITED(status));
    cr_expect_eq(WEXITSTATUS(status), EXIT_PROCTOR_FAILED);
    cr_expect_str_eq(text, "proctor: first 1\nproctor: then this\n", "%s", text);
    close(output[0]);
}
