#include "bench/contender.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/socket.h"
#include "loadgen/load_document.h"
#include "loadgen/plan/plan.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_shared_object(const char *text)
{
    size_t length = strlen(text);
    return strchr(text, '/') != NULL && length > 3 && strcmp(text + length - 3, ".so") == 0;
}

int contender_parse(struct contender *contender, const char *name, const char *text)
{
    *contender =
        (struct contender){.name = name, .text = text, .start_timeout_ns = START_TIMEOUT_NS};
    if (strstr(text, BENCH_PORT_PLACE) != NULL)
        contender->kind = CONTENDER_COMMAND;
    else if (strchr(text, ' ') == NULL && strchr(text, ':') != NULL &&
             address_parse(text, &contender->address) == 0)
        contender->kind = CONTENDER_RUNNING;
    else if (is_shared_object(text) || text[strspn(text, "abcdefghijklmnopqrstuvwxyz_")] == '\0')
        contender->kind = CONTENDER_MODEL;
    else
        return -EINVAL;
    return 0;
}

/* What our own servers must speak. An exchange expects its line back, as echo does. */
static const char *protocol_for(const char *protocol)
{
    return strcmp(protocol, "exchange") == 0 ? "echo" : protocol;
}

/* This program itself, as a server. */
static char **command_of_model(const char *model, const struct load_plan *plan)
{
    char self[4096] = "";
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    assert(length > 0);
    static const char *const frames[] = {[1] = "u8", [2] = "u16", [4] = "u32"};
    const char *const words[] = {self,
                                 "serve",
                                 model,
                                 "--protocol",
                                 protocol_for(load_protocol_name(plan)),
                                 "--frame",
                                 frames[plan->frame_bytes]};
    size_t count = sizeof words / sizeof words[0] - (plan->frame_bytes == 0 ? 2 : 0);
    char **command = allocate(count + 1, sizeof *command);
    for (size_t i = 0; i < count; i++)
        command[i] = text_of("%s", words[i]);
    return command;
}

/* A port that is free at this moment, on all addresses of both families if there are both; 0 if
 * none is. */
static uint16_t find_free_port(void)
{
    static const char *const hosts[] = {"::", "127.0.0.1"};
    struct address address;
    int fd = -1;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0] && fd < 0; i++) {
        address_parse_host(hosts[i], 0, &address);
        fd = socket_listen(&address, 0);
    }
    if (fd < 0)
        return 0;
    address_of_socket(fd, &address);
    close(fd);
    return address_port(&address);
}

/* The command for a shell, with the port in all its places; all that it says goes to the guard. */
static char **command_on_port(const char *command, uint16_t port)
{
    struct bytes text = {0};
    const char *rest = command;
    for (const char *place = strstr(rest, BENCH_PORT_PLACE); place != NULL;
         place = strstr(rest, BENCH_PORT_PLACE)) {
        bytes_print(&text, "%.*s%u", (int)(place - rest), rest, port);
        rest = place + strlen(BENCH_PORT_PLACE);
    }
    bytes_print(&text, "%s", rest);
    char **words = allocate(4, sizeof *words);
    words[0] = text_of("sh");
    words[1] = text_of("-c");
    words[2] = text_of("exec 2>&1; %.*s", (int)text.length, bytes_front(&text));
    bytes_release(&text);
    return words;
}

int contender_start(const struct contender *contender, const struct load_plan *plan,
                    struct target *target, char ***command, char **trouble)
{
    *command = NULL;
    if (contender->kind == CONTENDER_RUNNING) {
        target_adopt(target, contender->name, &contender->address);
        return 0;
    }
    if (contender->kind == CONTENDER_MODEL) {
        *command = command_of_model(contender->text, plan);
        int error = target_start(target, contender->name, *command);
        if (error < 0)
            *trouble = text_of("cannot be started: %s", strerror(-error));
        return error;
    }
    uint16_t port = find_free_port();
    *command = command_on_port(contender->text, port);
    return target_start_on(target, contender->name, *command, port, contender->start_timeout_ns,
                           trouble);
}
