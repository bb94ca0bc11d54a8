/* Protocols without any socket: bytes in, reply bytes and a next step out. */
#include "servers/protocols/protocols.h"
#include "base/file.h"
#include "base/memory.h"
#include "servers/protocols/lines.h"
#include "servers/protocols/protocol.h"
#include "servers/protocols/store.h"
#include "servers/protocols/users.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One client's side, and what the protocol said last. */
struct talk {
    const struct protocol *protocol;
    struct conversation conversation;
    enum next next;
};

static void begin(struct talk *talk, const char *protocol, const struct protocol_options *options)
{
    *talk = (struct talk){.protocol = protocol_find(protocol)};
    cr_assert_not_null(talk->protocol);
    talk->conversation.options = options;
    talk->conversation.state = allocate(1, talk->protocol->state_size + 1);
}

static void say_bytes(struct talk *talk, const char *data, size_t count)
{
    talk->next = talk->protocol->received(&talk->conversation, data, count);
}

static void say(struct talk *talk, const char *text)
{
    say_bytes(talk, text, strlen(text));
}

static void expect_reply(struct talk *talk, const char *expected)
{
    struct bytes *reply = &talk->conversation.reply;
    cr_expect_eq(reply->length, strlen(expected), "%zu bytes: %.*s", reply->length,
                 (int)reply->length, bytes_front(reply));
    if (reply->length == strlen(expected) && reply->length > 0)
        cr_expect_arr_eq(bytes_front(reply), expected, reply->length);
    bytes_consume(reply, reply->length);
}

static void end(struct talk *talk)
{
    if (talk->protocol->end != NULL)
        talk->protocol->end(&talk->conversation);
    free(talk->conversation.state);
    bytes_release(&talk->conversation.reply);
    bytes_release(&talk->conversation.attachment.name);
}

/*** Messages ***/

static const struct protocol_options by_line = {.prefix = "> "};
static const struct protocol_options by_receive = {.prefix = "> ", .line_end = ""};

Test(protocols, a_receive_is_a_message_only_where_that_is_said)
{
    struct talk talk;
    begin(&talk, "prefix", &by_receive);
    say(&talk, "Hallo");
    expect_reply(&talk, "> Hallo");
    say(&talk, "Welt\n");
    expect_reply(&talk, "> Welt\n");
    say(&talk, "a\nb\r\n");
    expect_reply(&talk, "> a\nb\r\n");
    say(&talk, "\n");
    expect_reply(&talk, "> \n");
    cr_expect_eq(talk.next, NEXT_RECEIVE);
    end(&talk);
    begin(&talk, "prefix", &by_line);
    say(&talk, "Hal");
    expect_reply(&talk, "");
    say(&talk, "lo\n");
    expect_reply(&talk, "> Hallo\n");
    end(&talk);
}

Test(protocols, a_full_receive_is_not_taken_for_a_message)
{
    struct talk talk;
    begin(&talk, "prefix", &by_receive);
    talk.conversation.goes_on = true;
    say(&talk, "Hal");
    expect_reply(&talk, "");
    talk.conversation.goes_on = false;
    say(&talk, "lo");
    expect_reply(&talk, "> Hallo");
    end(&talk);
}

Test(protocols, lines_are_cut_wherever_the_network_cuts)
{
    struct talk talk;
    begin(&talk, "prefix", &by_line);
    say(&talk, "a\nb");
    expect_reply(&talk, "> a\n");
    say(&talk, "b\r");
    expect_reply(&talk, "");
    say(&talk, "\n\n");
    expect_reply(&talk, "> bb\r\n> \n");
    say(&talk, "last");
    talk.conversation.at_end = true;
    say(&talk, "");
    expect_reply(&talk, "> last");
    end(&talk);
}

Test(protocols, a_line_ends_with_what_is_said_to_end_it)
{
    static const struct protocol_options options = {.prefix = "> ", .line_end = "\r\n"};
    static const struct protocol_options others = {.prefix = "> ", .line_end = ";"};
    struct talk talk;
    begin(&talk, "prefix", &options);
    say(&talk, "a\nb\r\nc\r");
    expect_reply(&talk, "> a\nb\r\n");
    say(&talk, "\n");
    expect_reply(&talk, "> c\r\n");
    end(&talk);
    begin(&talk, "prefix", &others);
    say(&talk, "a\n;b;c");
    expect_reply(&talk, "> a\n;> b;");
    end(&talk);
}

static const struct frame_width {
    size_t bytes;
    const char *number; /* of three, and of five: with "> " before it */
    const char *answered;
} frame_widths[] = {{1, "\3", "\5"}, {2, "\0\3", "\0\5"}, {4, "\0\0\0\3", "\0\0\0\5"}};

/* Twice, cut at every place; an empty frame behind them, and a piece of one. */
Test(protocols, a_frame_is_as_long_as_it_says)
{
    for (size_t i = 0; i < 3; i++) {
        const struct frame_width *width = &frame_widths[i];
        const struct protocol_options options = {.prefix = "> ", .frame_bytes = width->bytes};
        struct bytes said = {0};
        struct bytes due = {0};
        for (int j = 0; j < 2; j++) {
            bytes_append(&said, width->number, width->bytes);
            bytes_append(&said, "a\nb", 3);
            bytes_append(&due, width->answered, width->bytes);
            bytes_append(&due, "> a\nb", 5);
        }
        for (size_t cut = 1; cut < said.length; cut++) {
            struct talk talk;
            begin(&talk, "prefix", &options);
            say_bytes(&talk, bytes_front(&said), cut);
            say_bytes(&talk, bytes_front(&said) + cut, said.length - cut);
            cr_expect_eq(talk.conversation.reply.length, due.length);
            cr_expect_arr_eq(bytes_front(&talk.conversation.reply), bytes_front(&due), due.length);
            end(&talk);
        }
        bytes_release(&said);
        bytes_release(&due);
    }
}

Test(protocols, an_empty_frame_is_answered_and_a_piece_of_one_is_not)
{
    static const struct protocol_options options = {.frame_bytes = 2};
    struct talk talk;
    begin(&talk, "echo", &options);
    say_bytes(&talk, "\0\0\0\2x", 5);
    cr_assert_eq(talk.conversation.reply.length, 2);
    cr_expect_arr_eq(bytes_front(&talk.conversation.reply), "\0\0", 2);
    talk.conversation.at_end = true;
    say(&talk, "");
    cr_expect_eq(talk.conversation.reply.length, 2);
    end(&talk);
}

Test(protocols, a_frame_past_the_limit_is_refused_in_a_frame)
{
    static const struct protocol_options options = {.frame_bytes = 4};
    struct talk talk;
    begin(&talk, "echo", &options);
    say_bytes(&talk, "\0\1\0\1", 4);
    cr_expect_eq(talk.next, NEXT_SEE_OFF);
    cr_assert_eq(talk.conversation.reply.length, 4 + strlen("frame too long"));
    cr_expect_arr_eq(bytes_front(&talk.conversation.reply), "\0\0\0\16frame", 9);
    end(&talk);
}

Test(protocols, a_stop_word_in_pieces_is_one_word)
{
    static const struct protocol_options options = {.stop_word = "fin", .quiet = true};
    static const struct protocol_options course = {
        .stop_word = "fin", .quiet = true, .line_end = ""};
    struct talk talk;
    begin(&talk, "sink", &options);
    say(&talk, "fi");
    cr_expect_eq(talk.next, NEXT_RECEIVE);
    say(&talk, "n\n");
    cr_expect_eq(talk.next, NEXT_CLOSE);
    end(&talk);
    begin(&talk, "sink", &course);
    say(&talk, "Fin");
    cr_expect_eq(talk.next, NEXT_CLOSE);
    end(&talk);
}

static void say_long(struct talk *talk, size_t length, const char *ending)
{
    char *line = allocate(length + 2, 1);
    memset(line, 'x', length);
    strcpy(line + length, ending);
    say_bytes(talk, line, length + strlen(ending));
    free(line);
}

Test(protocols, a_line_past_the_limit_is_refused)
{
    static const char *const endings[] = {"\n", ""};
    for (size_t i = 0; i < 2; i++) {
        struct talk talk;
        begin(&talk, "prefix", i == 0 ? &by_line : &by_receive);
        say_long(&talk, LINE_BYTES_MAX, endings[i]);
        cr_expect_eq(talk.next, NEXT_RECEIVE);
        cr_expect_geq(talk.conversation.reply.length, 2 + LINE_BYTES_MAX);
        bytes_consume(&talk.conversation.reply, talk.conversation.reply.length);
        say_long(&talk, LINE_BYTES_MAX + 1, endings[i]);
        cr_expect_eq(talk.next, NEXT_SEE_OFF);
        expect_reply(&talk, "line too long\n");
        end(&talk);
    }
}

/*** Keys and values ***/

static struct store *open_store(const char *path)
{
    char *complaint = NULL;
    struct store *store = store_open(path, &complaint);
    cr_assert_not_null(store, "%s", complaint);
    return store;
}

Test(protocols, what_is_no_command_or_cannot_be_kept_is_an_error)
{
    struct protocol_options options = {.store = open_store(NULL)};
    struct talk talk;
    begin(&talk, "key-value", &options);
    static const char *const wrong[] = {
        "\n",    "set\n",     "set a\n",   "get\n",     "get a b\n",
        "del\n", "del a b\n", "count a\n", "SET a b\n", "set  b\n",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        say(&talk, wrong[i]);
        expect_reply(&talk, "ERROR say set KEY VALUE, get KEY, del KEY or count\n");
    }
    say_bytes(&talk, "set a b\0c\n", 10);
    expect_reply(&talk, "ERROR this cannot be kept\n");
    say(&talk, "set a \nget a\nget \n");
    expect_reply(&talk, "OK\nVALUE \nERROR say set KEY VALUE, get KEY, del KEY or count\n");
    end(&talk);
    store_close(options.store);
}

static struct store_text text_in(char *room, size_t number)
{
    return (struct store_text){room, (size_t)sprintf(room, "key-%zu", number)};
}

/* Many that lie one behind the other in the table, and every third taken out of it. */
Test(protocols, a_store_finds_what_was_not_taken_out)
{
    struct store *store = open_store(NULL);
    char room[32];
    for (size_t i = 0; i < STORE_KEYS_MAX; i++)
        cr_assert_eq(store_set(store, text_in(room, i), text_in(room, i)), 0);
    cr_expect_eq(store_set(store, (struct store_text){"a", 1}, text_in(room, 1)), -ENOSPC);
    cr_expect_eq(store_set(store, text_in(room, 1), text_in(room, 1)), 0, "one that is there");
    for (size_t i = 0; i < STORE_KEYS_MAX; i += 3)
        cr_assert_eq(store_delete(store, text_in(room, i)), 0);
    for (size_t i = 0; i < STORE_KEYS_MAX; i++) {
        struct bytes value = {0};
        int error = store_get(store, text_in(room, i), &value);
        cr_assert_eq(error, i % 3 == 0 ? -ENOENT : 0, "%s: %d", room, error);
        if (error == 0)
            cr_assert_arr_eq(bytes_front(&value), room, value.length);
        bytes_release(&value);
    }
    cr_expect_eq(store_count(store), STORE_KEYS_MAX - (STORE_KEYS_MAX + 2) / 3);
    store_close(store);
}

Test(protocols, a_store_takes_keys_and_values_up_to_their_limits)
{
    static char text[STORE_VALUE_MAX + 1];
    memset(text, 'x', sizeof text);
    struct store *store = open_store(NULL);
    struct store_text key = {text, STORE_KEY_MAX};
    struct store_text value = {text, STORE_VALUE_MAX};
    cr_expect_eq(store_set(store, key, value), 0);
    struct bytes got = {0};
    cr_expect_eq(store_get(store, key, &got), 0);
    cr_expect_eq(got.length, STORE_VALUE_MAX);
    bytes_release(&got);
    value.length++;
    cr_expect_eq(store_set(store, key, value), -EMSGSIZE);
    value.length = 1;
    key.length++;
    cr_expect_eq(store_set(store, key, value), -EMSGSIZE);
    cr_expect_eq(store_delete(store, key), -ENOENT);
    store_close(store);
}

/* A name in a folder of its own; both to be removed. */
static char *new_path(char *folder)
{
    cr_assert_not_null(mkdtemp(folder));
    return text_of("%s/store", folder);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

Test(protocols, a_store_in_a_file_is_there_again)
{
    char folder[] = "/tmp/proctor-store-XXXXXX";
    char *path = new_path(folder);
    write_text(path, "set a old\nset b gone\nset a two words\ndel b\nset c unanswe");
    struct store *store = open_store(path);
    char *complaint = NULL;
    cr_expect_null(store_open(path, &complaint));
    cr_expect(strstr(complaint, "another server uses it") != NULL, "%s", complaint);
    free(complaint);
    cr_expect_eq(store_set(store, (struct store_text){"d", 1}, (struct store_text){"4", 1}), 0);
    cr_expect_eq(store_delete(store, (struct store_text){"d", 1}), 0);
    store_close(store);
    char *text = NULL;
    size_t count = 0;
    cr_assert_eq(file_read(path, 1000, &text, &count), 0);
    cr_expect_str_eq(text, "set a two words\nset d 4\ndel d\n");
    free(text);
    store = open_store(path);
    struct bytes value = {0};
    cr_expect_eq(store_count(store), 1);
    cr_expect_eq(store_get(store, (struct store_text){"a", 1}, &value), 0);
    cr_expect_eq(value.length, strlen("two words"));
    bytes_release(&value);
    store_close(store);
    unlink(path);
    rmdir(folder);
    free(path);
}

Test(protocols, a_store_that_is_none_is_refused_with_its_line)
{
    char folder[] = "/tmp/proctor-store-XXXXXX";
    char *path = new_path(folder);
    char *complaint = NULL;
    write_text(path, "set a b\nput c d\n");
    cr_expect_null(store_open(path, &complaint));
    cr_expect(strstr(complaint, "store:2: is no change of a key") != NULL, "%s", complaint);
    free(complaint);
    unlink(path);
    rmdir(folder);
    free(path);
}

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
