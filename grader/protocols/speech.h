/* What the protocols share: texts with a client's words in them, ends of lines, lengths in
 * front. */
#ifndef GRADER_PROTOCOLS_SPEECH_H
#define GRADER_PROTOCOLS_SPEECH_H

#include "grader/protocols/protocol.h"

/* Fills in {token} and {text}, {who}, {to}, and values. */
struct filling speech_filling(const struct speech *speech);

/* Appends the text with these filled in. */
void speech_append(struct bytes *out, const char *text, const struct speech *speech);

/* Adds an answer of just this text, or of this pattern; NULL: none. */
void speech_await(struct answers *answers, const char *text, const char *pattern,
                  const struct answer_kind *pattern_kind, const struct speech *speech);

/* What ends a message that is a line: "\n" by default, or what ends what is asked; "" where it has
 * a length in front. */
const char *play_protocol_line_end(const struct play_protocol *protocol);

/* Puts the length in front of what stands from the byte `from` on, if the protocol has one. */
void play_protocol_frame(const struct play_protocol *protocol, struct bytes *out, size_t from);

#endif
