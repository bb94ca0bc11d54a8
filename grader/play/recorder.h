/* The recording of a grading: what its looks see, what its clients say and get, and the packets of
 * the arena's network, written as it happens (results/recording). The grading looks no more often
 * for it.
 *
 * Every function takes NULL for no recording, and does nothing then. */
#ifndef GRADER_PLAY_RECORDER_H
#define GRADER_PLAY_RECORDER_H

struct arena_plan;
struct encounter;
struct recorder;

/* A recording at `path` of a submission with this id; both must outlive it. Nothing is written
 * before something is recorded. */
struct recorder *recorder_new(const char *path, const char *id);

/* A submission has been started: packets are captured from now on, where it has a network of its
 * own. Before its clients come, and before the programs beside it. */
void recorder_begin(struct recorder *recorder, struct encounter *encounter,
                    const struct arena_plan *plan);

/* A look was taken, and what had come was received. */
void recorder_look(struct recorder *recorder, const struct encounter *encounter);

/* Takes the packets that have come, where many may come between two looks. */
void recorder_drain(struct recorder *recorder);

/* Something begins, or was done; a text for people, in the language of the grading. What clients
 * have said up to now comes before it. */
void recorder_note(struct recorder *recorder, const struct encounter *encounter, const char *format,
                   ...) __attribute__((format(printf, 3, 4)));

/* The submission has ended, and its arena is closed. */
void recorder_end(struct recorder *recorder);

/* Ends the recording and puts it in its place; frees. 0 or -errno: it could not be written, and
 * there is none. */
int recorder_close(struct recorder *recorder);

#endif
