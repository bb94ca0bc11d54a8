#include "tests/support/dialects.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than all the buffers on the way hold. */
#define BULK_LINES 131072
#define LINE_BYTES 64

/*** Much of it ***/

/* Letters and a newline, each line different from its neighbours. */
static char *make_lines(size_t lines)
{
    char *text = allocate(lines, LINE_BYTES);
    for (size_t i = 0; i < lines * LINE_BYTES; i++)
        text[i] = i % LINE_BYTES == LINE_BYTES - 1 ? '\n' : (char)('a' + (i + i / LINE_BYTES) % 26);
    return text;
}

static void make_echo_bulk(struct bulk *bulk)
{
    bulk->said = make_lines(BULK_LINES);
    bulk->answered = make_lines(BULK_LINES);
    bulk->said_bytes = bulk->answered_bytes = (size_t)BULK_LINES * LINE_BYTES;
}

static void make_sink_bulk(struct bulk *bulk)
{
    size_t lines = BULK_LINES / 8; /* a test reads them one by one */
    bulk->said = make_lines(lines);
    bulk->said_bytes = lines * LINE_BYTES;
    bulk->answered = allocate(lines, LINE_BYTES - 1);
    for (size_t i = 0; i < lines; i++)
        memcpy(bulk->answered + i * (LINE_BYTES - 1), bulk->said + i * LINE_BYTES, LINE_BYTES - 1);
    bulk->answered_bytes = lines * (LINE_BYTES - 1);
}

/* `count` times `text`. */
static char *repeat(const char *text, size_t count, size_t *bytes)
{
    size_t length = strlen(text);
    char *all = allocate(count, length);
    for (size_t i = 0; i < count; i++)
        memcpy(all + i * length, text, length);
    *bytes = count * length;
    return all;
}

static void make_prefix_bulk(struct bulk *bulk)
{
    bulk->said = make_lines(BULK_LINES);
    bulk->said_bytes = (size_t)BULK_LINES * LINE_BYTES;
    bulk->answered = allocate(BULK_LINES, 2 + LINE_BYTES);
    bulk->answered_bytes = (size_t)BULK_LINES * (2 + LINE_BYTES);
    for (size_t i = 0; i < BULK_LINES; i++) {
        char *line = bulk->answered + i * (2 + LINE_BYTES);
        memcpy(line, "> ", 2);
        memcpy(line + 2, bulk->said + i * LINE_BYTES, LINE_BYTES);
    }
}

static void make_command_bulk(struct bulk *bulk)
{
    bulk->said = repeat("seq -w 1000000\n", 1, &bulk->said_bytes);
    bulk->answered = allocate(1000000, 8);
    bulk->answered_bytes = (size_t)1000000 * 8;
    for (size_t i = 0; i < 1000000; i++) {
        char line[16];
        snprintf(line, sizeof line, "%07zu\n", i + 1);
        memcpy(bulk->answered + i * 8, line, 8);
    }
}

#define USER_SAID     "UP:user:se:cret\n"
#define USER_ANSWERED "PASSOK\n"

/* The program under test is an object of some size, twice. */
static void make_login_bulk(struct bulk *bulk)
{
    bulk->said = repeat(USER_SAID "SEND:proctor\nSEND:proctor\n", 1, &bulk->said_bytes);
    FILE *file = fopen(PROCTOR_PROGRAM, "re");
    cr_assert_not_null(file);
    fseek(file, 0, SEEK_END);
    size_t object_bytes = (size_t)ftell(file);
    size_t greeting_bytes = strlen(USER_ANSWERED);
    bulk->answered_bytes = greeting_bytes + 2 * object_bytes;
    bulk->answered = allocate(bulk->answered_bytes, 1);
    memcpy(bulk->answered, USER_ANSWERED, greeting_bytes);
    for (size_t i = 0; i < 2; i++) {
        rewind(file);
        char *object = bulk->answered + greeting_bytes + i * object_bytes;
        cr_assert_eq(fread(object, 1, object_bytes, file), object_bytes);
    }
    fclose(file);
}

#define REQUEST "GET /page HTTP/1.1\r\nHost: here\r\n\r\n"
#define PAGE                                                                                       \
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nhello, world\n"

static void make_http_bulk(struct bulk *bulk)
{
    bulk->said = repeat(REQUEST, 100000, &bulk->said_bytes);
    bulk->answered = repeat(PAGE, 100000, &bulk->answered_bytes);
}

static void make_exchange_bulk(struct bulk *bulk)
{
    bulk->said = make_lines(BULK_LINES);
    bulk->said_bytes = (size_t)BULK_LINES * LINE_BYTES;
    bulk->answered = repeat("+PONG\r\n", BULK_LINES, &bulk->answered_bytes);
}

/* The same key again and again, each time with another value. */
static void make_key_value_bulk(struct bulk *bulk)
{
    size_t said = strlen("set key 0000000\nget key\n");
    size_t answered = strlen("OK\nVALUE 0000000\n");
    size_t times = 100000;
    bulk->said = allocate(times * said + 1, 1);
    bulk->answered = allocate(times * answered + 1, 1);
    for (size_t i = 0; i < times; i++) {
        snprintf(bulk->said + i * said, said + 1, "set key %07zu\nget key\n", i);
        snprintf(bulk->answered + i * answered, answered + 1, "OK\nVALUE %07zu\n", i);
    }
    bulk->said_bytes = times * said;
    bulk->answered_bytes = times * answered;
}

/*** The table ***/

static const struct dialect dialects[] = {
    {
        .protocol = "echo",
        .first = {"hello\n", "hello\n"},
        .piece = "on",
        .rest = {"e\ntwo\nthree\n", "one\ntwo\nthree\n"},
        .last = {"last words", "last words"},
        .make_bulk = make_echo_bulk,
    },
    {
        .protocol = "sink",
        .prints = true,
        .first = {"hello\n", "hello"},
        .piece = "on",
        .rest = {"e\ntwo\nthree\n", "onetwothree"},
        .last = {"last words", "last words"},
        .make_bulk = make_sink_bulk,
    },
    {
        .protocol = "prefix",
        .options = {"--prefix", "> "},
        .first = {"hello\n", "> hello\n"},
        .piece = "on",
        .rest = {"e\r\ntwo\nthree\n", "> one\r\n> two\n> three\n"},
        .last = {"last words", "> last words"},
        .make_bulk = make_prefix_bulk,
    },
    {
        .protocol = "command",
        .options = {"--allow-remote-commands"},
        .first = {"echo hello\n", "hello\n"},
        .piece = "ech",
        .rest = {"o  one\nno-such\n\ntrue\necho three\n",
                 "one\nno-such: no such command\n\n\nthree\n"},
        .last = {"echo last words", "last words\n"},
        .make_bulk = make_command_bulk,
    },
    {
        .protocol = "login",
        .options = {"--users", TESTS_FOLDER "/support/served_users", "--objects", PROCTOR_FOLDER},
        .first = {USER_SAID, USER_ANSWERED},
        .piece = "N",
        .rest = {"O\nSEND:no-such\nSEND:../CMakeLists.txt\nUP:\n", "NO\nNO\nNO\nNO\n"},
        .last = {"UP:user:se:cret", "PASSOK"},
        .make_bulk = make_login_bulk,
    },
    {
        .protocol = "http",
        .first = {REQUEST, PAGE},
        .piece = "GET /pa",
        .rest = {"ge HTTP/1.1\r\nHost: here\r\n\r\n" REQUEST REQUEST, PAGE PAGE PAGE},
        .last = {REQUEST, PAGE},
        .make_bulk = make_http_bulk,
    },
    {
        .protocol = "exchange",
        .options = {"--answer", "+PONG\\r\\n"},
        .first = {"PING\n", "+PONG\r\n"},
        .piece = "PI",
        .rest = {"NG\nPING\r\n\n", "+PONG\r\n+PONG\r\n+PONG\r\n"},
        .last = {"PING", "+PONG\r\n"},
        .make_bulk = make_exchange_bulk,
    },
    {
        .protocol = "key-value",
        .first = {"set a 1\n", "OK\n"},
        .piece = "get",
        .rest = {" a\r\nset b two words\nget b\ndel a\nget a\ncount\n",
                 "VALUE 1\r\nOK\nVALUE two words\nOK\nNONE\nCOUNT 1\n"},
        .last = {"get a", "NONE"},
        .make_bulk = make_key_value_bulk,
    },
};

const struct dialect *dialect_of(const char *protocol)
{
    const struct dialect *found = NULL;
    for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++)
        if (strcmp(dialects[i].protocol, protocol) == 0)
            found = &dialects[i];
    cr_assert_not_null(found, "no client here speaks %s", protocol);
    return found;
}
