/* Who is in a recording - clients, listeners, tasks - and which lane of its sequence diagram each
 * has: the first ones one of their own, all others of their kind one together. */
#ifndef RESULTS_REPORT_RECORDED_PEOPLE_H
#define RESULTS_REPORT_RECORDED_PEOPLE_H

#include "results/recording/recording_read.h"
#include "results/sequence/sequence.h"

struct recorded_person {
    int id; /* of a task: its tid */
    size_t lane;
    bool is_of_crowd;
    bool is_runtime; /* of a task; it has no lane */
    bool has_served; /* a task: it was seen with a client or a listener */
    char *name;
    size_t part; /* of the crowd, that it was last seen in; SEQUENCE_PARTS: none yet */

    size_t marks[2];               /* that last: of a client's two ends, of a task */
    struct recorded_client client; /* as it was last seen: all 0 before */
    bool has_come;
    bool has_ended[2]; /* an end has said so: client, server */
    const char *why;
};

struct recorded_group {
    struct recorded_person *people; /* by id */
    size_t count;
    size_t crowd; /* its lane; SEQUENCE_NO_MARK: all have their own */
    size_t crowd_count;
    size_t level; /* its mark that lasts */
    size_t counts[SEQUENCE_PARTS];
};

struct recorded_people {
    struct recorded_group clients;
    struct recorded_group listeners;
    struct recorded_group tasks;
    size_t runtime_count;
    size_t door; /* the lane of whoever connects to no known listener */
};

/* Finds them, and gives the sequence its lanes. */
void recorded_people_init(struct recorded_people *people, const struct recorded *recorded,
                          struct sequence *sequence);
void recorded_people_release(struct recorded_people *people);

/* Of this id, or NULL. */
struct recorded_person *recorded_person_find(const struct recorded_group *group, int id);

/* "alice", or "client 3" for one that is not known either. The caller frees. */
char *recorded_client_name(const struct recorded_people *people, int id);

/* Moves one of a crowd to another part of it, and notes the new level. */
void recorded_crowd_move(struct sequence *sequence, struct recorded_group *group,
                         struct recorded_person *person, size_t part, int64_t t_ns);

#endif
