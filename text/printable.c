/* One pass over the bytes, a character at a time. Escape sequences are recognised on the way: since
 * every ESC is removed, whether or not it begins a sequence, removing one cannot create another.
 */
#include "text/printable.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT   "\xEF\xBF\xBD"
#define ESCAPE        0x1B
#define BELL          0x07
#define NOT_UTF_8     UINT32_MAX
#define C1_STRING_END 0x9C
#define C1_CONTROL    0x9B
#define C1_SYSTEM     0x9D
#define STRING_KINDS  "]PX^_k" /* OSC, DCS, SOS, PM, APC; a title, in screen and tmux */

struct reader {
    const unsigned char *at;
    const unsigned char *end;
};

/*** UTF-8 ***/

/* How many bytes follow the first, and what the second may be: the table of well-formed sequences
 * in the Unicode standard, which leaves out overlong ones, surrogates and what lies above
 * U+10FFFF. */
struct form {
    unsigned char first_lowest, first_highest;
    unsigned char second_lowest, second_highest;
    unsigned char more;
};

static const struct form *find_form(unsigned char first)
{
    static const struct form forms[] = {
        {0xC2, 0xDF, 0x80, 0xBF, 1}, {0xE0, 0xE0, 0xA0, 0xBF, 2}, {0xE1, 0xEC, 0x80, 0xBF, 2},
        {0xED, 0xED, 0x80, 0x9F, 2}, {0xEE, 0xEF, 0x80, 0xBF, 2}, {0xF0, 0xF0, 0x90, 0xBF, 3},
        {0xF1, 0xF3, 0x80, 0xBF, 3}, {0xF4, 0xF4, 0x80, 0x8F, 3},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (first >= forms[i].first_lowest && first <= forms[i].first_highest)
            return &forms[i];
    return NULL;
}

/* Takes one character, or the bytes of a broken one (NOT_UTF_8). */
static uint32_t take_character(struct reader *reader)
{
    unsigned char first = *reader->at++;
    if (first < 0x80)
        return first;
    const struct form *form = find_form(first);
    if (form == NULL)
        return NOT_UTF_8;
    uint32_t character = first & (0x3FU >> form->more);
    for (unsigned char i = 0; i < form->more; i++) {
        unsigned char lowest = i == 0 ? form->second_lowest : 0x80;
        unsigned char highest = i == 0 ? form->second_highest : 0xBF;
        if (reader->at == reader->end || *reader->at < lowest || *reader->at > highest)
            return NOT_UTF_8;
        character = character << 6 | (*reader->at++ & 0x3FU);
    }
    return character;
}

/*** Escape sequences ***/

static void skip_range(const unsigned char **at, const unsigned char *end, int lowest, int highest)
{
    while (*at < end && **at >= lowest && **at <= highest)
        ++*at;
}

/* Skips bytes from `lowest` to `highest` and the one that ends them; nothing if none does. */
static void skip_sequence(struct reader *reader, int lowest, int highest, int last_lowest)
{
    const unsigned char *at = reader->at;
    skip_range(&at, reader->end, lowest, highest);
    if (at < reader->end && *at >= last_lowest && *at <= 0x7E)
        reader->at = at + 1;
}

static void skip_control_sequence(struct reader *reader)
{
    skip_sequence(reader, 0x20, 0x3F, 0x40);
}

/* The length of the end of a control string at `at`; 0 if it does not end there. */
static size_t length_of_end(const unsigned char *at, const unsigned char *end)
{
    if (*at == BELL)
        return 1;
    if (end - at < 2)
        return 0;
    bool is_end = (at[0] == ESCAPE && at[1] == '\\') || (at[0] == 0xC2 && at[1] == C1_STRING_END);
    return is_end ? 2 : 0;
}

static void skip_control_string(struct reader *reader)
{
    for (const unsigned char *at = reader->at; at < reader->end && *at != '\n'; at++) {
        size_t length = length_of_end(at, reader->end);
        if (length > 0)
            reader->at = at + length;
        if (length > 0 || *at == ESCAPE)
            return;
    }
}

static void skip_after_escape(struct reader *reader)
{
    if (reader->at == reader->end)
        return;
    unsigned char kind = *reader->at;
    if (kind == '[') {
        reader->at++;
        skip_control_sequence(reader);
    } else if (memchr(STRING_KINDS, kind, sizeof STRING_KINDS - 1) != NULL) {
        reader->at++;
        skip_control_string(reader);
    } else {
        skip_sequence(reader, 0x20, 0x2F, 0x30);
    }
}

static void skip_what_it_begins(struct reader *reader, uint32_t character)
{
    if (character == ESCAPE)
        skip_after_escape(reader);
    else if (character == C1_CONTROL)
        skip_control_sequence(reader);
    else if (character == C1_SYSTEM || character == 0x90 || character == 0x98 ||
             character == 0x9E || character == 0x9F)
        skip_control_string(reader);
}

/*** Characters ***/

static bool is_shown(uint32_t character)
{
    if (character < 0x20)
        return character == '\t' || character == '\n';
    bool is_control = character >= 0x7F && character <= 0x9F;
    bool is_noncharacter =
        (character & 0xFFFE) == 0xFFFE || (character >= 0xFDD0 && character <= 0xFDEF);
    bool turns_direction = (character >= 0x202A && character <= 0x202E) ||
                           (character >= 0x2066 && character <= 0x2069);
    return !is_control && !is_noncharacter && !turns_direction && character != 0xFEFF;
}

static void append_next(struct bytes *out, struct reader *reader)
{
    const unsigned char *from = reader->at;
    uint32_t character = take_character(reader);
    if (character == NOT_UTF_8)
        bytes_append(out, REPLACEMENT, sizeof REPLACEMENT - 1);
    else if (character == 0x2028 || character == 0x2029)
        bytes_append(out, "\n", 1);
    else if (is_shown(character))
        bytes_append(out, from, (size_t)(reader->at - from));
    else
        skip_what_it_begins(reader, character);
}

void printable_append(struct bytes *out, const char *text, size_t count)
{
    if (count == 0)
        return;
    struct reader reader = {(const unsigned char *)text, (const unsigned char *)text + count};
    while (reader.at < reader.end)
        append_next(out, &reader);
}

size_t printable_take(const char *text, size_t count, uint32_t *character, bool *is_kept)
{
    struct reader reader = {(const unsigned char *)text, (const unsigned char *)text + count};
    *character = take_character(&reader);
    *is_kept = *character != NOT_UTF_8 && is_shown(*character);
    return (size_t)(reader.at - (const unsigned char *)text);
}

size_t printable_prefix_bytes(const char *text, size_t count, size_t letters)
{
    size_t begun = 0;
    for (size_t i = 0; i < count; i++) {
        bool begins_letter = ((unsigned char)text[i] & 0xC0) != 0x80;
        if (begins_letter && begun++ == letters)
            return i;
    }
    return count;
}

/*** Bytes ***/

static bool stands_for_itself(uint32_t character)
{
    return character != NOT_UTF_8 && character != '\\' && character != 0x2028 &&
           character != 0x2029 && is_shown(character);
}

static void append_escaped(struct bytes *out, const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes[i] == '\\' || bytes[i] == '\r')
            bytes_print(out, "\\%c", bytes[i] == '\r' ? 'r' : '\\');
        else
            bytes_print(out, "\\x%02x", bytes[i]);
}

/* Where to cut at or before `most`: not within a character, as long as it may be one. */
static size_t find_cut(const char *bytes, size_t count, size_t most)
{
    if (count <= most)
        return count;
    for (size_t cut = most; cut > 0 && most - cut < 4; cut--)
        if (((unsigned char)bytes[cut] & 0xC0U) != 0x80)
            return cut;
    return most;
}

char *bytes_shown(const char *bytes, size_t count, size_t most)
{
    struct bytes shown = {0};
    size_t length = find_cut(bytes, count, most);
    struct reader reader = {(const unsigned char *)bytes, (const unsigned char *)bytes + length};
    while (reader.at < reader.end) {
        const unsigned char *from = reader.at;
        if (stands_for_itself(take_character(&reader)))
            bytes_append(&shown, from, (size_t)(reader.at - from));
        else
            append_escaped(&shown, from, (size_t)(reader.at - from));
    }
    return bytes_take_text(&shown);
}

/*** Names ***/

#define NAME_BYTES 120

char *name_shown(const char *name)
{
    size_t length = strlen(name);
    size_t tail = length > NAME_BYTES ? length - NAME_BYTES / 2 : length;
    char *text = length > NAME_BYTES ? text_of("%.*s...%s", NAME_BYTES / 2, name, name + tail)
                                     : text_of("%s", name);
    for (char *byte = text; *byte != '\0'; byte++)
        if (!isascii((unsigned char)*byte) || !isprint((unsigned char)*byte))
            *byte = '?';
    return text;
}

char *name_in_sentence(const char *sentence, const char *name)
{
    const char *place = strstr(sentence, "%s");
    char *shown = name_shown(name);
    char *text = place != NULL ? text_of("%.*s%s%s", (int)(place - sentence), sentence, shown,
                                         place + strlen("%s"))
                               : text_of("%s", sentence);
    free(shown);
    return text;
}
