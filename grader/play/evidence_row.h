/* Rows of evidence, as they are added, and those of UDP sockets. */
#ifndef GRADER_PLAY_EVIDENCE_ROW_H
#define GRADER_PLAY_EVIDENCE_ROW_H

#include <jansson.h>
#include <stddef.h>

struct player;
struct encounter;

/* Each adds one row to the array `evidence`: an object with "kind", "text" and its numbers; unless
 * the same row is there already. The text is in the language of the grading, all other fields are
 * the same in all languages. */

/* Takes ownership of `row` and `text`. */
void evidence_add(json_t *evidence, json_t *row, const char *kind, char *text);

/* What did not come from the kernel's tables: bytes received, text printed. Its format is
 * translated. */
void evidence_note(json_t *evidence, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text that the submission may have chosen, made harmless; to be freed. */
char *evidence_excerpt(const char *from, size_t length);

/* The sockets over which a client is served by UDP: all that stand at the server's port. */
void evidence_udp_sockets(json_t *evidence, const struct encounter *encounter);

/* All that the submission, and those beside it, have: at whatever port. */
void evidence_udp_all(json_t *evidence, const struct encounter *encounter);

/* Those at the server's port, with what became of the player's own datagrams. */
void evidence_udp_client(json_t *evidence, const struct encounter *encounter,
                         const struct player *player);

#endif
