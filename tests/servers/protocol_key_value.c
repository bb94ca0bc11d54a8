/* The key-value protocol, and the store behind it. */
#include "base/file.h"
#include "base/memory.h"
#include "servers/protocols/store.h"
#include "tests/support/talk.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
