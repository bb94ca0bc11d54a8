/* Lets in clients that know a password, and then hands out objects.
 *
 *   before          UP:USER:PASSWORD   PASSOK, or ECHEC; the third failure is EC, and the end
 *   afterwards      SEND:NAME          the bytes of the file NAME of the --objects folder
 *                   NB                 how many clients are connected
 *                   END                no answer, and the end
 *   anything else                      before: a failure like any other; afterwards NO
 *
 * The words are those of SAE 3.02, a first course in networks. A password may contain colons: it is
 * everything after the second one. Answers end as the client's message did, so that a person with
 * netcat and a program that compares with "PASSOK" are both served.
 */
#include "servers/protocols/lines.h"
#include "servers/protocols/protocol.h"
#include "servers/protocols/users.h"

#include <string.h>

#define TRIES 3

struct login {
    struct lines lines; /* first, as lines_received() wants it */
    unsigned failures;
    bool is_in;
};

static const char *login_check(const struct protocol_options *options)
{
    return options->users != NULL ? NULL : "needs --users FILE, with lines user:password";
}

static bool starts_with(const struct message *message, const char *word)
{
    return message->length >= strlen(word) && memcmp(message->text, word, strlen(word)) == 0;
}

static bool is_word(const struct message *message, const char *word)
{
    return message->length == strlen(word) && starts_with(message, word);
}

static bool is_right(const struct message *message, const struct users *users)
{
    if (!starts_with(message, "UP:"))
        return false;
    const char *end = message->text + message->length;
    const char *name = message->text + strlen("UP:");
    const char *colon = memchr(name, ':', (size_t)(end - name));
    return colon != NULL &&
           users_admit(users, name, (size_t)(colon - name), colon + 1, (size_t)(end - colon - 1));
}

static enum next try_password(struct conversation *conversation, const struct message *message)
{
    struct login *login = conversation->state;
    login->is_in = is_right(message, conversation->options->users);
    login->failures += !login->is_in;
    bool is_out = login->failures == TRIES;
    const char *answer = login->is_in ? "PASSOK" : (is_out ? "EC" : "ECHEC");
    bytes_print(&conversation->reply, "%s%s", answer, message->ending);
    return is_out ? NEXT_SEE_OFF : NEXT_RECEIVE;
}

static enum next attach(struct conversation *conversation, const struct message *message)
{
    struct attachment *object = &conversation->attachment;
    size_t before = strlen("SEND:");
    bytes_consume(&object->name, object->name.length);
    bytes_append(&object->name, message->text + before, message->length - before);
    object->kind = ATTACH_OBJECT;
    object->otherwise = message->ending[0] == '\0' ? "NO" : "NO\n";
    object->if_empty = object->otherwise; /* a client that waits for an answer gets one */
    return NEXT_ATTACH;
}

static enum next obey(struct conversation *conversation, const struct message *message)
{
    struct bytes *reply = &conversation->reply;
    if (starts_with(message, "SEND:"))
        return attach(conversation, message);
    if (is_word(message, "END"))
        return NEXT_CLOSE;
    if (is_word(message, "NB"))
        bytes_print(reply, "Nombre de connecté au server: %zu%s",
                    conversation->count_clients(conversation->service), message->ending);
    else
        bytes_print(reply, "NO%s", message->ending);
    return NEXT_RECEIVE;
}

static enum next reply(struct conversation *conversation, const struct message *message)
{
    const struct login *login = conversation->state;
    return login->is_in ? obey(conversation, message) : try_password(conversation, message);
}

static enum next login_received(struct conversation *conversation, const char *data, size_t count)
{
    return lines_received(conversation, data, count, reply, "NO");
}

const struct protocol protocol_login = {
    .name = "login",
    .summary = "lets in the --users, then hands out --objects (SAE 3.02)",
    .state_size = sizeof(struct login),
    .check = login_check,
    .received = login_received,
    .end = lines_end,
};
