/* Changes a document as a tree: a change of bytes at random would nearly always end in what is no
 * JSON. One place of the tree gets another value: one that is at the edge of something, a copy of
 * another place, or none; or it comes once more in its list. Some inputs are changed as bytes, so
 * that what is no JSON comes too. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#define CHANGES_MAX 4

static unsigned random_below(unsigned *state, size_t most)
{
    *state = *state * 1103515245U + 12345U;
    return most > 0 ? (*state >> 8) % (unsigned)most : 0;
}

/*** Places ***/

static size_t count_places(const json_t *value) /* NOLINT(misc-no-recursion) */
{
    size_t count = 1;
    const char *key = NULL;
    size_t i = 0;
    json_t *inner = NULL;
    json_array_foreach (value, i, inner)
        count += count_places(inner);
    json_object_foreach ((json_t *)value, key, inner)
        count += count_places(inner);
    return count;
}

/* A value by its number in the order of reading, and what it is in. */
struct place {
    size_t left;
    json_t *value;
    json_t *parent;
    const char *key;
    size_t index;
};

static bool find(struct place *place, json_t *value, json_t *parent, const char *key,
                 size_t index) /* NOLINT(misc-no-recursion) */
{
    const char *member = NULL;
    size_t i = 0;
    json_t *inner = NULL;
    if (place->left-- == 0) {
        *place = (struct place){.value = value, .parent = parent, .key = key, .index = index};
        return true;
    }
    json_array_foreach (value, i, inner)
        if (find(place, inner, value, NULL, i))
            return true;
    json_object_foreach (value, member, inner)
        if (find(place, inner, value, member, 0))
            return true;
    return false;
}

static struct place place_at(json_t *root, unsigned *state)
{
    struct place place = {.left = random_below(state, count_places(root))};
    find(&place, root, NULL, NULL, 0);
    return place;
}

/*** Changes ***/

static json_t *edge(unsigned *state)
{
    static const char *const edges[] = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1",
        "3",
        "0.5",
        "-0.0",
        "1e308",
        "-1e308",
        "1e-308",
        "9223372036854775807",
        "-9223372036854775808",
        "\"\"",
        "\"x\"",
        "\"\\u202e::error::\"",
        "\"a\\nb\\u0001\"",
        "\"load\"",
        "\"bench\"",
        "\"compare\"",
        "\"base\"",
        "\"new\"",
        "\"same\"",
        "\"worse\"",
        "\"better\"",
        "\"inconclusive\"",
        "\"valid\"",
        "\"suspect\"",
        "\"invalid\"",
        "\"pass\"",
        "\"partial\"",
        "\"fail\"",
        "\"skipped\"",
        "\"error\"",
        "\"hidden\"",
        "\"after\"",
        "\"shown\"",
        "\"clock\"",
        "[]",
        "{}",
        "[[]]",
        "[null, {}]",
    };
    size_t count = sizeof edges / sizeof edges[0];
    return json_loads(edges[random_below(state, count)], JSON_DECODE_ANY, NULL);
}

/* Takes over `value`; NULL: the place goes. */
static void put(const struct place *place, json_t *value)
{
    if (place->parent == NULL)
        json_decref(value);
    else if (place->key != NULL && value != NULL)
        json_object_set_new(place->parent, place->key, value);
    else if (place->key != NULL)
        json_object_del(place->parent, place->key);
    else if (value != NULL)
        json_array_set_new(place->parent, place->index, value);
    else
        json_array_remove(place->parent, place->index);
}

static void change(json_t *root, unsigned *state)
{
    struct place place = place_at(root, state);
    switch (random_below(state, 6)) {
    case 0:
        put(&place, NULL);
        return;
    case 1:
        put(&place, json_deep_copy(place_at(root, state).value));
        return;
    case 2:
        if (json_is_array(place.parent) && json_array_size(place.parent) < 64)
            json_array_insert_new(place.parent, place.index, json_deep_copy(place.value));
        return;
    case 3:
        if (json_is_object(place.parent))
            json_object_set_new(place.parent, "other", json_deep_copy(place.value));
        return;
    default:
        put(&place, edge(state));
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
    unsigned state = seed;
    json_t *root = json_loadb((const char *)data, size, JSON_ALLOW_NUL, NULL);
    if (root == NULL || random_below(&state, 10) == 0) {
        json_decref(root);
        return LLVMFuzzerMutate(data, size, size_max);
    }
    for (unsigned i = random_below(&state, CHANGES_MAX) + 1; i > 0; i--)
        change(root, &state);
    char *text = json_dumps(root, JSON_COMPACT);
    size_t length = text != NULL ? strlen(text) : 0;
    json_decref(root);
    if (length > 0 && length <= size_max) {
        memcpy(data, text, length);
        size = length;
    }
    free(text);
    return size;
}
