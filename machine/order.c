#include "machine/order.h"

#include "base/memory.h"
#include "text/json_field.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static json_t *words_of(char *const *words)
{
    json_t *list = json_array();
    for (size_t i = 0; words[i] != NULL; i++)
        if (json_array_append_new(list, json_string(words[i])) < 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static char *dump(json_t *object)
{
    char *text = object != NULL ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    return text;
}

char *machine_order_write(const struct machine_order *order)
{
    return dump(json_pack("{s:o, s:o, s:s, s:I}", "words", words_of(order->words), "environment",
                          words_of(order->environment), "folder", order->folder, "stack_bytes",
                          (json_int_t)order->stack_bytes));
}

static char **read_words(const json_t *list)
{
    char **words = allocate(json_array_size(list) + 1, sizeof *words);
    size_t count = 0;
    list_each (word, list)
        if (json_is_string(word))
            words[count++] = text_of("%s", json_string_value(word));
    return words;
}

struct machine_order *machine_order_read(const char *text)
{
    json_t *object = json_loads(text, 0, NULL);
    const char *folder = field_text(object, "folder");
    struct machine_order *order = NULL;
    if (folder != NULL && json_array_size(json_object_get(object, "words")) > 0) {
        order = allocate(1, sizeof *order);
        *order = (struct machine_order){
            .words = read_words(json_object_get(object, "words")),
            .environment = read_words(json_object_get(object, "environment")),
            .folder = text_of("%s", folder),
            .stack_bytes = (uint64_t)field_number(object, "stack_bytes", 0),
        };
    }
    json_decref(object);
    return order;
}

void machine_order_free(struct machine_order *order)
{
    if (order == NULL)
        return;
    free_texts((char **)(uintptr_t)order->words);
    free_texts((char **)(uintptr_t)order->environment);
    free((char *)(uintptr_t)order->folder);
    free(order);
}

/* What a program says need not be UTF-8; then only its length is told. */
static json_t *text_or_length(const char *text)
{
    json_t *string = json_string(text);
    if (string == NULL)
        string = json_sprintf("(%zu bytes that are no UTF-8)", strlen(text));
    return string;
}

char *machine_reply_write(const struct machine_reply *reply)
{
    return dump(json_pack("{s:i, s:o, s:o}", "status", reply->status, "output",
                          text_or_length(reply->output), "errors", text_or_length(reply->errors)));
}

int machine_reply_read(struct machine_reply *reply, const char *text)
{
    *reply = (struct machine_reply){.status = -1};
    json_t *object = json_loads(text, 0, NULL);
    const char *output = field_text(object, "output");
    const char *errors = field_text(object, "errors");
    int error = output != NULL && errors != NULL ? 0 : -EPROTO;
    if (error == 0)
        *reply = (struct machine_reply){.status = (int)field_number(object, "status", -1),
                                        .output = text_of("%s", output),
                                        .errors = text_of("%s", errors)};
    json_decref(object);
    return error;
}

void machine_reply_release(struct machine_reply *reply)
{
    free(reply->output);
    free(reply->errors);
    *reply = (struct machine_reply){.status = -1};
}
