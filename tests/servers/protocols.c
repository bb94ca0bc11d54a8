/* Protocols without any socket: bytes in, reply bytes and a next step out. */
#include "servers/protocols/protocols.h"
#include "base/memory.h"
#include "servers/protocols/protocol.h"
#include "servers/protocols/users.h"
#include "tests/support/talk.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*** Commands ***/

Test(protocols, commands_need_leave_and_loopback)
{
    const struct protocol *command = protocol_find("command");
    struct protocol_options options = {0};
    cr_expect(strstr(command->check(&options), "--allow-remote-commands") != NULL);
    options.allow_remote_commands = true;
    cr_expect(strstr(command->check(&options), "loopback") != NULL);
    options.on_loopback = true;
    cr_expect_null(command->check(&options));
}

Test(protocols, a_command_is_words_parted_by_blanks)
{
    static const struct protocol_options options = {0};
    struct talk talk;
    begin(&talk, "command", &options);
    say(&talk, "  ls\t-l  'a b'; rm $HOME\necho two\n");
    cr_assert_eq(talk.next, NEXT_ATTACH);
    static const char words[] = "ls\0-l\0'a\0b';\0rm\0$HOME";
    struct bytes *name = &talk.conversation.attachment.name;
    cr_assert_eq(name->length, sizeof words);
    cr_expect_arr_eq(bytes_front(name), words, sizeof words);
    say(&talk, ""); /* the first has been sent */
    cr_assert_eq(talk.next, NEXT_ATTACH);
    cr_expect_str_eq(bytes_front(name), "echo");
    end(&talk);
}

Test(protocols, half_a_command_is_not_run_and_http_is_not_obeyed)
{
    static const struct protocol_options options = {0};
    struct talk talk;
    begin(&talk, "command", &options);
    say(&talk, "rm -r /tmp/a");
    cr_expect_eq(talk.next, NEXT_RECEIVE);
    say(&talk, "/b\n");
    cr_assert_eq(talk.next, NEXT_ATTACH);
    cr_expect_str_eq(bytes_front(&talk.conversation.attachment.name) + 6, "/tmp/a/b");
    say(&talk, "POST / HTTP/1.1\r\nHost: x\r\n\r\ntouch /tmp/here\n");
    cr_expect_eq(talk.next, NEXT_CLOSE);
    expect_reply(&talk, "");
    end(&talk);
}

Test(protocols, too_many_words_are_refused)
{
    static const struct protocol_options options = {0};
    struct talk talk;
    begin(&talk, "command", &options);
    for (int i = 0; i < 257; i++)
        say(&talk, i == 0 ? "\nword " : "word ");
    expect_reply(&talk, "\n");
    say(&talk, "\n");
    cr_expect_eq(talk.next, NEXT_RECEIVE);
    expect_reply(&talk, "too many words\n");
    end(&talk);
}

/*** Login ***/

static struct users *read_users(const char *text, char **complaint)
{
    char path[] = "/tmp/proctor-users-XXXXXX";
    int fd = mkstemp(path);
    cr_assert_eq(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    struct users *users = users_read(path, complaint);
    unlink(path);
    return users;
}

static struct users *some_users(void)
{
    char *complaint = NULL;
    struct users *users = users_read(TESTS_FOLDER "/support/served_users", &complaint);
    cr_assert_not_null(users, "%s", complaint);
    return users;
}

static bool admits(const struct users *users, const char *name, const char *password)
{
    return users_admit(users, name, strlen(name), password, strlen(password));
}

Test(protocols, users_come_in_with_their_own_password_alone)
{
    struct users *users = some_users();
    cr_expect(admits(users, "user", "se:cret"));
    cr_expect(admits(users, "hash", "hashed"));
    static const char *const wrong[][2] = {
        {"user", "se:cre"}, {"user", "se:crett"}, {"user", ""},         {"user", "hashed"},
        {"hash", "Hashed"}, {"hash", ""},         {"nobody", "hashed"}, {"", ""},
        {"nobody", ""},     {"use", "se:cret"},   {"userr", "se:cret"}, {"# Users", ""},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        cr_expect_not(admits(users, wrong[i][0], wrong[i][1]), "%s:%s", wrong[i][0], wrong[i][1]);
    cr_expect_not(users_admit(users, "user", 4, "se:cret\0", 8));
    cr_expect_not(users_admit(users, "hash", 4, "hashed\0x", 8));
    users_free(users);
}

Test(protocols, a_users_file_that_is_none_is_refused_with_its_line)
{
    static const char *const bad[][2] = {
        {"a:b\nnocolon\n", "line 2 is not user:password"},
        {"a:b\nnewline", "line 2 is not user:password"},
        {"\n\n:b\n", "line 3 is not user:password"},
        {"a:\n", "line 1 has no password"},
        {"a:$nonsense\n", "line 1 has a password that begins with $ but is not a crypt(3) hash"},
        {"# nobody\n", "line 1 is the last, and the file names no user"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *complaint = NULL;
        cr_assert_null(read_users(bad[i][0], &complaint), "%s", bad[i][0]);
        cr_expect(strstr(complaint, bad[i][1]) != NULL, "%s", complaint);
        free(complaint);
    }
    char *complaint = NULL;
    cr_expect_null(users_read("/no/such/file", &complaint));
    cr_expect_str_eq(complaint, "/no/such/file: No such file or directory");
    free(complaint);
}

Test(protocols, a_login_answers_with_the_words_of_the_course)
{
    struct users *users = some_users();
    struct protocol_options options = {.users = users, .line_end = ""};
    struct talk talk;
    begin(&talk, "login", &options);
    say(&talk, "NB");
    expect_reply(&talk, "ECHEC");
    say(&talk, "UP:user:wrong");
    expect_reply(&talk, "ECHEC");
    say(&talk, "UP:user:se:cret");
    expect_reply(&talk, "PASSOK");
    say(&talk, "nb");
    expect_reply(&talk, "NO");
    say(&talk, "SEND:1");
    cr_expect_eq(talk.next, NEXT_ATTACH);
    cr_expect_eq(talk.conversation.attachment.name.length, 1);
    expect_reply(&talk, "");
    say(&talk, "END");
    cr_expect_eq(talk.next, NEXT_CLOSE);
    expect_reply(&talk, "");
    end(&talk);
    users_free(users);
}

Test(protocols, the_third_failure_is_the_last)
{
    struct users *users = some_users();
    struct protocol_options options = {.users = users};
    struct talk talk;
    begin(&talk, "login", &options);
    say(&talk, "UP:user:1\nUP::\nUP\nUP:user:se:cret\n");
    expect_reply(&talk, "ECHEC\nECHEC\nEC\n");
    cr_expect_eq(talk.next, NEXT_SEE_OFF);
    end(&talk);
    users_free(users);
}

Test(protocols, a_login_needs_users)
{
    struct protocol_options options = {0};
    cr_expect(strstr(protocol_find("login")->check(&options), "--users") != NULL);
}
