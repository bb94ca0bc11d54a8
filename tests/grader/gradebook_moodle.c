/* Whose submission is whose in Moodle, and what goes into the two files for it. */
#include "grader/class/participants.h"
#include "grader/gradebook/gradebooks.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int load(const char *text, struct participants **participants, char **trouble)
{
    char path[] = "/tmp/proctor-test-XXXXXX";
    int fd = mkstemp(path);
    cr_assert(fd >= 0);
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    int error = participants_load(path, participants, trouble);
    unlink(path);
    return error;
}

/* Grades of these submissions up to a NULL, passed but for those called "lost". */
static json_t *grades_of(const char *const ids[])
{
    json_t *grades = json_array();
    for (size_t i = 0; ids[i] != NULL; i++) {
        bool is_lost = strcmp(ids[i], "lost") == 0;
        json_array_append_new(grades, json_pack("{s:{s:s}, s:s, s:o, s:f, s:[]}", "submission",
                                                "id", ids[i], "verdict", is_lost ? "error" : "pass",
                                                "points", is_lost ? json_null() : json_real(3),
                                                "max_points", 3.0, "checks"));
    }
    return grades;
}

/* To whom it was given, or why to nobody. */
static const char *given_to(const json_t *submission)
{
    const json_t *participant = json_object_get(submission, "participant");
    const json_t *reason = json_object_get(submission, "not_imported");
    cr_expect((participant == NULL) != (reason == NULL), "one of the two");
    return json_string_value(reason != NULL ? reason : json_object_get(participant, "value"));
}

static void expect_one(const json_t *grade, const char *expected)
{
    cr_expect_str_eq(given_to(json_object_get(grade, "submission")), expected);
}

static void expect_each(const char *table, const char *const ids[], const char *const expected[])
{
    struct participants *participants = NULL;
    char *trouble = NULL;
    int error = load(table, &participants, &trouble);
    cr_assert(error == 0 && participants != NULL);
    json_t *grades = grades_of(ids);
    participants_assign(participants, grades);
    for (size_t i = 0; ids[i] != NULL; i++)
        expect_one(json_array_get(grades, i), expected[i]);
    json_decref(grades);
    participants_free(participants);
}

Test(participants, finds_people_by_all_that_moodle_knows_of_them)
{
    expect_each("First name,Last name,ID number,Email address,Groups\n"
                "Ann,Lee,4711,ann.lee@x.org,\"A, B\"\n"
                "\"Jean-Luc\",\"Le \"\"Grand\"\"\",4712,jl@x.org,\n",
                (const char *const[]){"ann.lee_x.org", "4712", NULL},
                (const char *const[]){"ann.lee@x.org", "jl@x.org"});
    const char *const called[] = {"Ann_Lee", "Lee_Ann", "ANN.LEE",
                                  "Ann_Lee_123_assignsubmission_file", NULL};
    for (size_t i = 0; called[i] != NULL; i++)
        expect_each("First name,Last name,Email address\nAnn,Lee,ann.lee@x.org\n",
                    (const char *const[]){called[i], NULL}, (const char *const[]){"ann.lee@x.org"});
}

Test(participants, reads_what_moodle_writes_in_other_languages)
{
    expect_each(
        "\xEF\xBB\xBFPr\u00e9nom;Nom;Adresse de courriel\r\nZo\u00e9;Roy;zoe@x.org\r\n",
        (const char *const[]){"Zo__Roy", "Roy_Zo_", NULL},
        (const char *const[]){"zoe@x.org", "another submission belongs to the same participant"});
    expect_each("Vorname,Nachname,Anmeldename\nUwe,Ott,uo1\n",
                (const char *const[]){"uwe_ott", NULL}, (const char *const[]){"uo1"});
}

Test(participants, says_why_somebody_is_nobody)
{
    expect_each("First name,Last name,Email address\nAnn,Lee,a@x.org\nAnn,Lee,b@x.org\nBo,Do,\n",
                (const char *const[]){"Ann_Lee", "nobody", "Bo_Do", "b", "b-2", NULL},
                (const char *const[]){"several participants have this name",
                                      "no participant has this name",
                                      "the participant of this name has no email address",
                                      "b@x.org", "no participant has this name"});
}

Test(participants, lets_what_moodle_finds_people_by_go_before_their_names)
{
    expect_each(
        "First name,Last name,Username,Email address\nAnn,Lee,lee,ann@x.org\nLee,X,x,lee@y.org\n",
        (const char *const[]){"lee", NULL}, (const char *const[]){"ann@x.org"});
}

Test(participants, refuses_what_is_no_table_of_participants)
{
    static const struct {
        const char *text;
        const char *trouble;
    } rows[] = {
        {"First name,Last name\nAnn,Lee\n", "no email address"},
        {"", "no email address"},
        {"Email address\n\"a\n", "no table"},
        {"Email address\n\xE9@x.org\n", "UTF-8"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct participants *participants = NULL;
        char *trouble = NULL;
        cr_expect_eq(load(rows[i].text, &participants, &trouble), -EINVAL);
        cr_expect(trouble != NULL && strstr(trouble, rows[i].trouble) != NULL, "%s", trouble);
        free(trouble);
    }
    char *trouble = NULL;
    struct participants *participants = NULL;
    cr_expect_eq(participants_load("/nowhere/at/all", &participants, &trouble), -ENOENT);
    free(trouble);
}

static char *render(const struct gradebook *gradebook, const json_t *grades)
{
    struct bytes out = {0};
    gradebook_render(gradebook, grades, &out);
    char *text = strndup(bytes_front(&out), out.length);
    bytes_release(&out);
    return text;
}

Test(moodle, has_everybody_in_one_of_two_files)
{
    struct participants *participants = NULL;
    char *trouble = NULL;
    load("Email address\nann@x.org\nlost@x.org\n", &participants, &trouble);
    json_t *grades = grades_of((const char *const[]){"ann", "bob", "lost", NULL});
    participants_assign(participants, grades);
    char *imported = render(&gradebook_moodle, grades);
    char *rest = render(gradebook_moodle.beside, grades);
    cr_expect_eq(strncmp(imported, "\"Email address\",", 16), 0, "%s", imported);
    cr_expect(strstr(imported, "\"ann@x.org\",3,") != NULL, "%s", imported);
    cr_expect(strstr(imported, "\"lost@x.org\",,") != NULL, "%s", imported);
    cr_expect(strstr(imported, "bob") == NULL, "%s", imported);
    cr_expect(strstr(rest, "\"bob\",3,\"no participant has this name\"") != NULL, "%s", rest);
    cr_expect(strstr(rest, "\"lost\",,\"The grader had a problem") != NULL, "%s", rest);
    cr_expect(strstr(rest, "ann") == NULL, "%s", rest);
    free(imported);
    free(rest);
    json_decref(grades);
    participants_free(participants);
}
