/* What clients say to a submission, and what they must get for it, as far as a check needs to know.
 *
 * A protocol is what a client says with a word, and the answers that it and others wait for
 * (answer.h); it is texts and bytes and nothing else, with no socket and no time. This is the
 * interface; each is a file of its own with one const struct at its foot, named in protocols.c.
 */
#ifndef GRADER_PROTOCOLS_PROTOCOL_H
#define GRADER_PROTOCOLS_PROTOCOL_H

#include "base/bytes.h"
#include "grader/protocols/answer.h"
#include "grader/protocols/http_message.h"
#include "grader/protocols/value.h"

#include <stdbool.h>

struct token_source;

enum protocol_kind {
    PROTOCOL_NONE,     /* nobody says anything */
    PROTOCOL_ECHO,     /* what is said comes back */
    PROTOCOL_PREFIX,   /* with a text before it */
    PROTOCOL_SINK,     /* nothing comes back; it appears in the submission's output */
    PROTOCOL_EXCHANGE, /* `ask` is answered with `answer`; {token} in both is something new */
    PROTOCOL_HTTP,     /* likewise, with messages of HTTP */
    PROTOCOL_CHAT,     /* what one says the others hear */
};

/* What a client says when it comes, and must get, in this order. In each exactly one is set. */
struct greeting_step {
    char *send;
    char *expect;
    char *expect_pattern;
    char **expect_line_patterns;
    unsigned expect_line_patterns_count;
};

/* What is asked or answered: a text, or a message of HTTP with its first line. */
struct protocol_message {
    char *text;
    char *request; /* of HTTP: instead of `text` */
    char *status;  /* likewise */
    struct http_message http;
};

/* In all these texts {hex:…} is bytes (placeholder.h). Each that is not given is NULL. */
struct play_protocol {
    enum protocol_kind kind;
    char *prefix;                    /* of PROTOCOL_PREFIX */
    struct protocol_message *ask;    /* of PROTOCOL_EXCHANGE and PROTOCOL_HTTP, as what follows */
    struct protocol_message *answer; /* or: */
    char *answer_pattern;
    struct protocol_message *large; /* what has a large answer */
    bool closes;                    /* the connection ends with the answer */
    unsigned frame_bytes;           /* of the length in front of each message; 0: none */
    char *line_end;                 /* NULL: as usual. "": what one receive brings is a message */
    struct greeting_step *greeting;
    unsigned greeting_count;
    char *say; /* of PROTOCOL_CHAT, as all that follows: with {text}, and {to} where one is meant */
    char *confirmed, *confirmed_pattern; /* what the speaker gets */
    char *heard, *heard_pattern;         /* what the others get, or the one that is meant */
    char *joined, *joined_pattern;       /* what they get when somebody has come; or left: */
    char *left, *left_pattern;
};

/* Stands for a random word in `ask` and `answer`. */
#define PROTOCOL_TOKEN "{token}"

/* One message of one client. */
struct speech {
    const char *word; /* a random one, or one that a check is about */
    size_t word_bytes;
    const char *who;    /* the speaker's name; of a chat, as is: */
    const char *to;     /* the name of the one who is meant */
    const char *host;   /* of the server */
    const char *folder; /* with the files of the assignment, as proctor keeps them; or NULL */
    const struct values *values; /* drawn for this message, or for all of them; or NULL */
};

struct player_protocol {
    const char *name; /* as an assignment writes it */
    enum protocol_kind kind;

    /* Appends what is said with the word. NULL: nothing is ever said. */
    void (*say)(const struct play_protocol *protocol, const struct speech *speech,
                struct bytes *said);

    /* Adds what the speaker must get for it. */
    void (*answer)(const struct play_protocol *protocol, const struct speech *speech,
                   struct answers *answers);

    /* Adds what others must get for it, if they are to hear it (chat.c). NULL: nothing. */
    void (*hear)(const struct play_protocol *protocol, const struct speech *speech,
                 struct answers *answers);

    /* May a message have a word of any length and letters? */
    bool (*takes_any_word)(const struct play_protocol *protocol);

    /* Is the end of each message seen in the bytes, or does the answer not depend on it? Otherwise
     * whatever one receive returns is a message, and none can come in pieces or with another. */
    bool (*is_stream)(const struct play_protocol *protocol);

    /* The keys of `protocol` that it has besides 'kind' and 'greeting', the first `required_count`
     * of which must be there; NULL behind the last. */
    const char *const *keys;
    size_t required_count;
};

/* In the order in which they are explained; NULL at the end. */
extern const struct player_protocol *const player_protocols[];

extern const struct player_protocol player_protocol_none;
extern const struct player_protocol player_protocol_echo;
extern const struct player_protocol player_protocol_prefix;
extern const struct player_protocol player_protocol_sink;
extern const struct player_protocol player_protocol_exchange;
extern const struct player_protocol player_protocol_http;
extern const struct player_protocol player_protocol_chat;

const struct player_protocol *play_protocol_of(const struct play_protocol *protocol);

/* Reads "echo", "sink" or "prefix:TEXT", which must stay. 0 or -EINVAL. */
int play_protocol_parse(struct play_protocol *protocol, char *text);

/* The word with the line end behind it, or its length in front; to be released. Both may have
 * values (or NULL) in them. */
struct bytes play_protocol_line(const struct play_protocol *protocol, const char *word,
                                const struct values *values);

/* A message with the word, and the answers for the speaker; "" and none if nothing can be said. */
void play_protocol_say(const struct play_protocol *protocol, const struct speech *speech,
                       struct bytes *said);
void play_protocol_await(const struct play_protocol *protocol, const struct speech *speech,
                         struct answers *answers);

/* Draws what a message has of values; or one that asks for a large answer. */
void play_protocol_draw(const struct play_protocol *protocol, struct token_source *source,
                        struct values *values);
void play_protocol_draw_large(const struct play_protocol *protocol, struct token_source *source,
                              struct values *values);

/* Each text of a message, "" where it is not there; NULL behind the last. */
const char *protocol_message_text(const struct protocol_message *message, size_t number);

/* Appends what is said to get a large answer; false if the protocol has no words for it. */
bool play_protocol_say_large(const struct play_protocol *protocol, const struct speech *speech,
                             struct bytes *said);

/* May a message have a word of any length and letters? Not where none stands in it, and not where a
 * number beside it may be its length. */
bool play_protocol_takes_any_word(const struct play_protocol *protocol);
bool play_protocol_is_stream(const struct play_protocol *protocol);

/* Do others hear what one says; and only the one who is meant? */
bool play_protocol_is_heard(const struct play_protocol *protocol);
bool play_protocol_is_for_one(const struct play_protocol *protocol);

#endif
