#include "servers/protocols/store.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/memory.h"
#include "servers/protocols/shared.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((size_t)1 << 30)
#define SLOTS          ((size_t)2 * STORE_KEYS_MAX) /* never more than half of them are taken */

struct slot {
    uint16_t key_length; /* 0: free */
    uint16_t value_length;
    char bytes[STORE_SLOT_BYTES - 2 * sizeof(uint16_t)]; /* the key, and the value behind it */
};

struct table {
    pthread_mutex_t lock;
    size_t count;
    struct slot slots[SLOTS];
};

struct store {
    struct table *table;
    int file; /* or -1 */
};

_Static_assert(sizeof(struct slot) == STORE_SLOT_BYTES, "a slot");
_Static_assert(STORE_KEY_MAX + STORE_VALUE_MAX <= sizeof((struct slot *)NULL)->bytes, "has room");

/*** The table ***/

/* The table is whole at each moment: a slot is taken by the write of its key's length, the last. */
static void lock(struct table *table)
{
    shared_lock(&table->lock);
}

static size_t first_place(struct store_text key)
{
    uint64_t hash = 14695981039346656037U; /* FNV-1a, 64 bits */
    for (size_t i = 0; i < key.length; i++)
        hash = (hash ^ (unsigned char)key.text[i]) * 1099511628211U;
    return (size_t)(hash % SLOTS);
}

static bool has_key(const struct slot *slot, struct store_text key)
{
    return slot->key_length == key.length && memcmp(slot->bytes, key.text, key.length) == 0;
}

/* Where the key is, or the free place where it would be. */
static size_t place_of(const struct table *table, struct store_text key)
{
    size_t place = first_place(key);
    while (table->slots[place].key_length != 0 && !has_key(&table->slots[place], key))
        place = (place + 1) % SLOTS;
    return place;
}

static void put(struct table *table, size_t place, struct store_text key, struct store_text value)
{
    struct slot *slot = &table->slots[place];
    memcpy(slot->bytes, key.text, key.length);
    memcpy(slot->bytes + key.length, value.text, value.length);
    slot->value_length = (uint16_t)value.length;
    table->count += slot->key_length == 0;
    slot->key_length = (uint16_t)key.length;
}

/* Moves those behind it, up to the next free place, into the gap if they may lie there, or they
 * would not be found any more. */
static void take_out(struct table *table, size_t gap)
{
    size_t place = gap;
    for (;;) {
        place = (place + 1) % SLOTS;
        struct slot *slot = &table->slots[place];
        if (slot->key_length == 0)
            break;
        size_t first = first_place((struct store_text){slot->bytes, slot->key_length});
        if ((place + SLOTS - first) % SLOTS < (place + SLOTS - gap) % SLOTS)
            continue;
        table->slots[gap] = *slot;
        gap = place;
    }
    table->slots[gap].key_length = 0;
    table->count--;
}

/*** The file ***/

/* Before the change is made, and under the lock: the order of the lines is that of the changes. */
static int note(const struct store *store, const char *word, struct store_text key,
                struct store_text value)
{
    char line[STORE_SLOT_BYTES + 16];
    if (store->file < 0)
        return 0;
    int length = snprintf(line, sizeof line, "%s %.*s%s%.*s\n", word, (int)key.length, key.text,
                          value.text != NULL ? " " : "", (int)value.length,
                          value.text != NULL ? value.text : "");
    assert(length > 0 && (size_t)length < sizeof line);
    ssize_t written = write(store->file, line, (size_t)length);
    return written == length ? 0 : (written < 0 ? -errno : -EIO);
}

/* What text cannot carry to and from the file: a NUL, too, as snprintf() ends there. */
static int check_texts(struct store_text key, struct store_text value)
{
    if (key.length > STORE_KEY_MAX || value.length > STORE_VALUE_MAX)
        return -EMSGSIZE;
    bool is_wrong = key.length == 0 || memchr(key.text, ' ', key.length) != NULL;
    for (size_t i = 0; i < key.length; i++)
        is_wrong |= key.text[i] == '\n' || key.text[i] == '\0';
    for (size_t i = 0; i < value.length; i++)
        is_wrong |= value.text[i] == '\n' || value.text[i] == '\0';
    return is_wrong ? -EINVAL : 0;
}

/*** What clients ask ***/

int store_get(struct store *store, struct store_text key, struct bytes *value)
{
    lock(store->table);
    const struct slot *slot = &store->table->slots[place_of(store->table, key)];
    bool found = key.length > 0 && slot->key_length != 0;
    if (found)
        bytes_append(value, slot->bytes + slot->key_length, slot->value_length);
    pthread_mutex_unlock(&store->table->lock);
    return found ? 0 : -ENOENT;
}

int store_set(struct store *store, struct store_text key, struct store_text value)
{
    int error = check_texts(key, value);
    if (error < 0)
        return error;
    lock(store->table);
    size_t place = place_of(store->table, key);
    bool is_new = store->table->slots[place].key_length == 0;
    error =
        is_new && store->table->count == STORE_KEYS_MAX ? -ENOSPC : note(store, "set", key, value);
    if (error == 0)
        put(store->table, place, key, value);
    pthread_mutex_unlock(&store->table->lock);
    return error;
}

int store_delete(struct store *store, struct store_text key)
{
    int error = check_texts(key, (struct store_text){NULL, 0});
    if (error < 0)
        return -ENOENT;
    lock(store->table);
    size_t place = place_of(store->table, key);
    error = -ENOENT;
    if (store->table->slots[place].key_length != 0)
        error = note(store, "del", key, (struct store_text){NULL, 0});
    if (error == 0)
        take_out(store->table, place);
    pthread_mutex_unlock(&store->table->lock);
    return error;
}

size_t store_count(struct store *store)
{
    lock(store->table);
    size_t count = store->table->count;
    pthread_mutex_unlock(&store->table->lock);
    return count;
}

/*** Opening ***/

static struct table *make_table(void)
{
    struct table *table = shared_map(sizeof *table);
    if (table != NULL)
        shared_lock_init(&table->lock);
    return table;
}

/* Makes the change of a line, without its end. 0 or -errno. */
static int make_change(struct store *store, const char *line, size_t length)
{
    bool sets = length > 4 && memcmp(line, "set ", 4) == 0;
    if (!sets && (length <= 4 || memcmp(line, "del ", 4) != 0))
        return -EINVAL;
    struct store_text key = {line + 4, length - 4};
    const char *blank = memchr(key.text, ' ', key.length);
    if (!sets)
        return store_delete(store, key);
    if (blank == NULL)
        return -EINVAL;
    struct store_text value = {blank + 1, (size_t)(line + length - blank - 1)};
    key.length = (size_t)(blank - key.text);
    return store_set(store, key, value);
}

/* A piece of a line at the end is a change that was not answered: it is passed over. */
static char *read_changes(struct store *store, const char *path)
{
    char *text = NULL;
    size_t count = 0;
    int error = file_read(path, FILE_BYTES_MAX, &text, &count);
    if (error < 0)
        return text_of("%s: %s", path, strerror(-error));
    unsigned number = 0;
    const char *end = NULL;
    for (const char *line = text; error == 0; line = end + 1) {
        end = memchr(line, '\n', (size_t)(text + count - line));
        if (end == NULL)
            break;
        number++;
        error = make_change(store, line, (size_t)(end - line));
    }
    free(text);
    return error == 0
               ? NULL
               : text_of("%s:%u: is no change of a key: set KEY VALUE, or del KEY", path, number);
}

/* Writes the file anew, with a line for each key, under a temporary name until it is whole. */
static int write_anew(struct store *store, const char *path)
{
    char *temporary = text_of("%s.new", path);
    store->file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    int error = store->file < 0 ? -errno : 0;
    for (size_t i = 0; i < SLOTS && error == 0; i++) {
        const struct slot *slot = &store->table->slots[i];
        if (slot->key_length != 0)
            error = note(store, "set", (struct store_text){slot->bytes, slot->key_length},
                         (struct store_text){slot->bytes + slot->key_length, slot->value_length});
    }
    if (error == 0 && flock(store->file, LOCK_EX | LOCK_NB) < 0)
        error = -errno;
    if (error == 0 && rename(temporary, path) < 0)
        error = -errno;
    free(temporary);
    return error;
}

/* Two servers on one file would each lose what the other wrote: the lock goes with the file. */
static char *open_file(struct store *store, const char *path)
{
    int old = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (old < 0)
        return text_of("%s: %s", path, strerror(errno));
    char *complaint = NULL;
    if (flock(old, LOCK_EX | LOCK_NB) < 0)
        complaint = text_of("%s: another server uses it", path);
    if (complaint == NULL)
        complaint = read_changes(store, path);
    int error = complaint == NULL ? write_anew(store, path) : 0;
    close(old);
    return error < 0 ? text_of("%s: %s", path, strerror(-error)) : complaint;
}

struct store *store_open(const char *path, char **complaint)
{
    struct store *store = allocate(1, sizeof *store);
    *store = (struct store){.table = make_table(), .file = -1};
    *complaint = store->table == NULL ? text_of("%s", strerror(errno)) : NULL;
    if (*complaint == NULL && path != NULL)
        *complaint = open_file(store, path);
    if (*complaint == NULL)
        return store;
    store_close(store);
    return NULL;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    if (store->file >= 0)
        close(store->file);
    if (store->table != NULL)
        munmap(store->table, sizeof *store->table);
    free(store);
}
