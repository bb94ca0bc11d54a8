/* What players say to each other and to the submission, in its protocol. */
#ifndef GRADER_PLAY_SPEAKING_H
#define GRADER_PLAY_SPEAKING_H

#include "grader/play/acts.h"

/* What a player says in one go, of however many words. All zero at first; released in the end. */
struct message {
    struct bytes said; /* line ends included */
    struct message_word {
        struct bytes word;
        size_t to;            /* of a chat: the player who is meant */
        struct values values; /* that were drawn for it */
    } * words;
    size_t count;
};

void message_release(struct message *message);

/* So many players does a protocol need besides those of a check, at the end of the cast: in a chat
 * somebody must hear what is said, and somebody else talk without end. */
size_t speaking_extras(const struct play_protocol *protocol);

/* Names the extras of the cast, once it is there. */
void speaking_name_extras(struct act *act);

/* The name by which the player calls itself in a chat. */
const char *act_who(struct act *act, size_t player);

/* The player plays the protocol's greeting, if it has not done so, and waits for what it must get;
 * in a chat the others must be told that it has come. */
void act_greet(struct act *act, size_t player);

/* For those who end a player's connection: in a chat the others may be told. */
void act_note_leaving(struct act *act, size_t player);

/* Adds a message with a new random word, or with this one, to what the player will say; the caller
 * releases it. */
void act_choose_message(struct act *act, size_t player, struct message *message);
void act_choose_word(struct act *act, size_t player, const void *word, size_t count,
                     struct message *message);

/* The same, meant for the player `to`; and what asks for a large answer: false if the protocol has
 * no words for that. */
void act_choose_word_to(struct act *act, size_t player, size_t to, const void *word, size_t count,
                        struct message *message);
bool act_choose_large(struct act *act, size_t player, struct bytes *said);

/* Where the player's connection has ended with the latest answer, it connects anew. */
void act_come_again(struct act *act, size_t player);

/* The player greets, sends the message, and expects its answer; in a chat others are to hear it.
 * Where its connection ended with the answer before, it connects anew. */
void act_say(struct act *act, size_t player, const struct message *message);

/* The same in two pieces, the first of so many bytes, with a rest between them. */
void act_say_in_two(struct act *act, size_t player, const struct message *message,
                    size_t first_bytes);

/* The same of one whose protocol may want a greeting first: the greeting alone then, up to what
 * must be answered before more is said, and its answer is what is expected. */
void act_say_first(struct act *act, size_t player);

/* The same with a new random message. */
void act_say_line(struct act *act, size_t player);

#endif
