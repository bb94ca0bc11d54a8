#include "grader/assignment/schema.h"

#include "grader/arena/arena.h"
#include "grader/assignment/assignment.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MAY_LACK     CYAML_FLAG_OPTIONAL
#define STRING(key, type, member)                                                                  \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 0, CYAML_UNLIMITED)
#define STRING_OR_NOT(key, type, member)                                                           \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | MAY_LACK, type, member, 0, CYAML_UNLIMITED)
#define WORD(key, type, member, words)                                                             \
    CYAML_FIELD_ENUM(key, MAY_LACK | CYAML_FLAG_STRICT, type, member, words, COUNT(words))
#define WORDS(key, type, member, least, most)                                                      \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | MAY_LACK, type, member, &string, least, most)

/*** Words ***/

static const cyaml_strval_t roles[] = {{"server", ROLE_SERVER}, {"client", ROLE_CLIENT}};
static const cyaml_strval_t transports[] = {{"tcp", TRANSPORT_TCP}, {"udp", TRANSPORT_UDP}};
static const cyaml_strval_t step_transports[] = {{"tcp", STEP_TCP}, {"udp", STEP_UDP}};
static const cyaml_strval_t keyboards[] = {{"silent", KEYBOARD_SILENT},
                                           {"closed", KEYBOARD_CLOSED}};
static const cyaml_strval_t visibilities[] = {
    {"shown", VISIBILITY_SHOWN}, {"hidden", VISIBILITY_HIDDEN}, {"after", VISIBILITY_AFTER}};
static const cyaml_strval_t inconclusives[] = {{"no-points", INCONCLUSIVE_NO_POINTS},
                                               {"all-points", INCONCLUSIVE_ALL_POINTS}};
static const cyaml_strval_t kinds[] = {{"echo", PROTOCOL_ECHO}, {"prefix", PROTOCOL_PREFIX},
                                       {"sink", PROTOCOL_SINK}, {"exchange", PROTOCOL_EXCHANGE},
                                       {"http", PROTOCOL_HTTP}, {"chat", PROTOCOL_CHAT}};
static const cyaml_strval_t frames[] = {{"u8", 1}, {"u16", 2}, {"u32", 4}};
static const cyaml_strval_t lengths[] = {{"right", HTTP_LENGTH_RIGHT}};
static const cyaml_strval_t isolations[] = {{"root", ISOLATION_ROOT},
                                            {"user", ISOLATION_USER},
                                            {"network", ISOLATION_NETWORK},
                                            {"none", ISOLATION_NONE}};
static const cyaml_strval_t deeds[] = {{"connect", DEED_CONNECT},
                                       {"join", DEED_JOIN},
                                       {"accept", DEED_ACCEPT},
                                       {"half-close", DEED_HALF_CLOSE},
                                       {"close", DEED_CLOSE},
                                       {"reset", DEED_RESET},
                                       {"settle", DEED_SETTLE},
                                       {"enter", DEED_ENTER},
                                       {"wait", DEED_WAIT},
                                       {"stop-reading", DEED_STOP_READING},
                                       {"resume-reading", DEED_RESUME_READING},
                                       {"stop", DEED_STOP},
                                       {"kill", DEED_KILL},
                                       {"restart", DEED_RESTART},
                                       {"listen", DEED_LISTEN},
                                       {"start", DEED_START}};
static const cyaml_strval_t unreads[] = {{"allowed", UNREAD_ALLOWED}};
static const cyaml_strval_t likenesses[] = {{"reference", LIKE_REFERENCE}};
static const cyaml_strval_t events[] = {{"nothing", EVENT_NOTHING},
                                        {"end", EVENT_END},
                                        {"reset", EVENT_RESET},
                                        {"accepted", EVENT_ACCEPTED},
                                        {"waiting", EVENT_WAITING}};

/*** Mappings ***/

/* A value, or NULL where the key is missing. */
#define MAY_OVERRIDE (CYAML_FLAG_POINTER | MAY_LACK)

static const cyaml_schema_value_t string = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED)};

static const cyaml_schema_field_t text_fields[] = {
    STRING("en", struct text, in[0]),
    STRING_OR_NOT("fr", struct text, in[1]),
    STRING_OR_NOT("de", struct text, in[2]),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t header_fields[] = {
    STRING("name", struct http_header, name),
    STRING("value", struct http_header, value),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t header = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct http_header, header_fields)};

/* What a message of HTTP has besides its first line. */
// NOLINTBEGIN(bugprone-macro-parentheses): a type and a member have none
#define HTTP_FIELDS(type, member)                                                                  \
    CYAML_FIELD_SEQUENCE("headers", CYAML_FLAG_POINTER | MAY_LACK, type, member.headers, &header,  \
                         0, CYAML_UNLIMITED),                                                      \
        STRING_OR_NOT("body", type, member.body),                                                  \
        STRING_OR_NOT("body-file", type, member.body_file),                                        \
        WORDS("body-pattern", type, member.body_patterns, 1, CYAML_UNLIMITED),                     \
        WORD("length", type, member.length, lengths)
// NOLINTEND(bugprone-macro-parentheses)

static const cyaml_schema_field_t message_fields[] = {
    STRING_OR_NOT("text", struct protocol_message, text),
    STRING_OR_NOT("request", struct protocol_message, request),
    STRING_OR_NOT("status", struct protocol_message, status),
    HTTP_FIELDS(struct protocol_message, http),
    CYAML_FIELD_END,
};

#define MESSAGE(key, member)                                                                       \
    CYAML_FIELD_MAPPING_PTR(key, CYAML_FLAG_POINTER | MAY_LACK, struct play_protocol, member,      \
                            message_fields)

static const cyaml_schema_field_t greeting_fields[] = {
    STRING_OR_NOT("send", struct greeting_step, send),
    STRING_OR_NOT("expect", struct greeting_step, expect),
    STRING_OR_NOT("expect-pattern", struct greeting_step, expect_pattern),
    WORDS("expect-line-pattern", struct greeting_step, expect_line_patterns, 1, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t greeting_step = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct greeting_step, greeting_fields)};

static const cyaml_schema_field_t protocol_fields[] = {
    WORD("kind", struct play_protocol, kind, kinds),
    STRING_OR_NOT("prefix", struct play_protocol, prefix),
    MESSAGE("ask", ask),
    MESSAGE("answer", answer),
    STRING_OR_NOT("answer-pattern", struct play_protocol, answer_pattern),
    MESSAGE("large", large),
    CYAML_FIELD_BOOL("closes", MAY_LACK, struct play_protocol, closes),
    WORD("frame", struct play_protocol, frame_bytes, frames),
    STRING_OR_NOT("line-end", struct play_protocol, line_end),
    CYAML_FIELD_SEQUENCE("greeting", CYAML_FLAG_POINTER | MAY_LACK, struct play_protocol, greeting,
                         &greeting_step, 1, CYAML_UNLIMITED),
    STRING_OR_NOT("say", struct play_protocol, say),
    STRING_OR_NOT("confirmed", struct play_protocol, confirmed),
    STRING_OR_NOT("confirmed-pattern", struct play_protocol, confirmed_pattern),
    STRING_OR_NOT("heard", struct play_protocol, heard),
    STRING_OR_NOT("heard-pattern", struct play_protocol, heard_pattern),
    STRING_OR_NOT("joined", struct play_protocol, joined),
    STRING_OR_NOT("joined-pattern", struct play_protocol, joined_pattern),
    STRING_OR_NOT("left", struct play_protocol, left),
    STRING_OR_NOT("left-pattern", struct play_protocol, left_pattern),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t limit_fields[] = {
    CYAML_FIELD_INT("memory-mb", MAY_LACK, struct assigned_limits, memory_mb),
    CYAML_FIELD_INT("processes", MAY_LACK, struct assigned_limits, processes),
    CYAML_FIELD_INT("cpu-s", MAY_LACK, struct assigned_limits, cpu_s),
    CYAML_FIELD_INT("wall-s", MAY_LACK, struct assigned_limits, wall_s),
    CYAML_FIELD_INT("grading-s", MAY_LACK, struct assigned_limits, grading_s),
    CYAML_FIELD_INT("output-mb", MAY_LACK, struct assigned_limits, output_mb),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t said_fields[] = {
    STRING_OR_NOT("text", struct step_said, text),
    STRING_OR_NOT("repeat", struct step_said, repeat),
    CYAML_FIELD_INT("times", MAY_LACK, struct step_said, times),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t rate_fields[] = {
    CYAML_FIELD_INT("least", CYAML_FLAG_DEFAULT, struct step_rate, least),
    CYAML_FIELD_INT("most", MAY_LACK, struct step_rate, most),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t variable_fields[] = {
    STRING("name", struct variable, name),
    STRING("value", struct variable, value),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t variable = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct variable, variable_fields)};

static const cyaml_schema_field_t file_fields[] = {
    STRING("name", struct assigned_file, name),
    STRING_OR_NOT("text", struct assigned_file, text),
    STRING_OR_NOT("repeat", struct assigned_file, repeat),
    CYAML_FIELD_INT_PTR("bytes", MAY_OVERRIDE, struct assigned_file, bytes),
    CYAML_FIELD_INT_PTR("random", MAY_OVERRIDE, struct assigned_file, random),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t file = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct assigned_file, file_fields)};

/* The struct has them in its member `material`. */
#define MATERIAL(type)                                                                             \
    STRING_OR_NOT("bring", type, material.bring),                                                  \
        CYAML_FIELD_SEQUENCE("files", MAY_OVERRIDE, type, material.files, &file, 0,                \
                             CYAML_UNLIMITED),                                                     \
        WORDS("writable", type, material.writable, 1, CYAML_UNLIMITED)

static const cyaml_schema_field_t file_expectation_fields[] = {
    STRING("path", struct file_expectation, path),
    STRING_OR_NOT("text", struct file_expectation, text),
    STRING_OR_NOT("pattern", struct file_expectation, pattern),
    STRING_OR_NOT("same-as", struct file_expectation, same_as),
    CYAML_FIELD_END,
};

/* How it is run, and nothing else: what may be overridden. */
#define RUN(type)                                                                                  \
    STRING_OR_NOT("run", type, manner.run), STRING_OR_NOT("arguments", type, manner.arguments),    \
        CYAML_FIELD_SEQUENCE("environment", MAY_OVERRIDE, type, manner.environment, &variable, 0,  \
                             CYAML_UNLIMITED)

static const cyaml_schema_field_t beside_fields[] = {
    STRING("name", struct assigned_beside, name),
    STRING("run", struct assigned_beside, run),
    CYAML_FIELD_UINT("port", MAY_LACK, struct assigned_beside, port),
    MATERIAL(struct assigned_beside),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t beside = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct assigned_beside, beside_fields)};

static const cyaml_schema_field_t reference_fields[] = {
    STRING_OR_NOT("bring", struct assigned_reference, bring),
    STRING("run", struct assigned_reference, run),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t program_fields[] = {
    STRING("name", struct assigned_program, name),
    WORDS("entry", struct assigned_program, entry, 1, CYAML_UNLIMITED),
    STRING_OR_NOT("build", struct assigned_program, build),
    RUN(struct assigned_program),
    CYAML_FIELD_UINT_PTR("port", MAY_OVERRIDE, struct assigned_program, port),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t own_program_fields[] = {
    STRING("name", struct assigned_program, name),
    RUN(struct assigned_program),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t program = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct assigned_program, program_fields)};
static const cyaml_schema_value_t own_program = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct assigned_program, own_program_fields)};

#define PROGRAMS(type, schema)                                                                     \
    CYAML_FIELD_SEQUENCE("programs", MAY_OVERRIDE, type, programs.list, &(schema), 1,              \
                         ASSIGNMENT_PROGRAMS_MAX)

/* Of the assignment, of a row, of a check. */
#define MANNER(type) RUN(type), CYAML_FIELD_BOOL_PTR("fresh", MAY_OVERRIDE, type, manner.is_fresh)

static const cyaml_schema_field_t row_fields[] = {
    STRING("name", struct assigned_row, name),
    MANNER(struct assigned_row),
    PROGRAMS(struct assigned_row, own_program),
    CYAML_FIELD_UINT_PTR("port", MAY_OVERRIDE, struct assigned_row, port),
    STRING_OR_NOT("model", struct assigned_row, model),
    STRING_OR_NOT("ends-when", struct assigned_row, ends_when),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t row = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct assigned_row, row_fields)};

static const cyaml_schema_field_t step_fields[] = {
    STRING_OR_NOT("client", struct step, client),
    STRING_OR_NOT("program", struct step, program),
    STRING_OR_NOT("as", struct step, as),
    WORDS("clients", struct step, clients, 1, SCENE_CLIENTS_MAX),
    WORD("do", struct step, deed, deeds),
    WORD("transport", struct step, transport, step_transports),
    CYAML_FIELD_MAPPING_PTR("send", CYAML_FLAG_POINTER | MAY_LACK, struct step, send, said_fields),
    STRING_OR_NOT("send-slowly", struct step, send_slowly),
    WORDS("type", struct step, type, 1, CYAML_UNLIMITED),
    STRING_OR_NOT("expect", struct step, expect),
    WORDS("expect-pattern", struct step, expect_patterns, 1, CYAML_UNLIMITED),
    WORDS("expect-line-pattern", struct step, expect_line_patterns, 1, CYAML_UNLIMITED),
    STRING_OR_NOT("http", struct step, http),
    STRING_OR_NOT("expect-http", struct step, expect_http),
    HTTP_FIELDS(struct step, message),
    WORD("expect-event", struct step, expect_event, events),
    WORD("unread", struct step, unread, unreads),
    WORD("expect-like", struct step, expect_like, likenesses),
    WORDS("ignoring", struct step, ignoring, 1, CYAML_UNLIMITED),
    STRING_OR_NOT("ahead-of", struct step, ahead_of),
    STRING_OR_NOT("expect-output", struct step, expect_output),
    WORDS("expect-output-pattern", struct step, expect_output_patterns, 1, CYAML_UNLIMITED),
    STRING_OR_NOT("expect-no-output", struct step, expect_no_output),
    WORDS("expect-states", struct step, expect_states, 2, 2),
    CYAML_FIELD_MAPPING_PTR("expect-file", MAY_OVERRIDE, struct step, expect_file,
                            file_expectation_fields),
    CYAML_FIELD_INT_PTR("expect-exit", CYAML_FLAG_POINTER | MAY_LACK, struct step, expect_exit),
    CYAML_FIELD_UINT("port", MAY_LACK, struct step, port),
    STRING_OR_NOT("for", struct step, wait_time),
    STRING_OR_NOT("within", struct step, within),
    STRING_OR_NOT("not-before", struct step, not_before),
    CYAML_FIELD_MAPPING_PTR("rate", CYAML_FLAG_POINTER | MAY_LACK, struct step, rate, rate_fields),
    CYAML_FIELD_FLOAT("points", MAY_LACK, struct step, points),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t step = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct step, step_fields)};

static const cyaml_schema_field_t check_fields[] = {
    STRING("check", struct assigned_check, id),
    CYAML_FIELD_MAPPING("title", MAY_LACK, struct assigned_check, title, text_fields),
    CYAML_FIELD_MAPPING("hint", MAY_LACK, struct assigned_check, hint, text_fields),
    STRING_OR_NOT("needs", struct assigned_check, needs),
    CYAML_FIELD_FLOAT("points", MAY_LACK, struct assigned_check, points),
    WORD("visibility", struct assigned_check, visibility, visibilities),
    WORD("inconclusive", struct assigned_check, inconclusive, inconclusives),
    MANNER(struct assigned_check),
    PROGRAMS(struct assigned_check, own_program),
    WORDS("in", struct assigned_check, in, 1, ASSIGNMENT_ROWS_MAX),
    CYAML_FIELD_SEQUENCE("steps", CYAML_FLAG_POINTER | MAY_LACK, struct assigned_check, steps,
                         &step, 1, SCENE_STEPS_MAX),
    WORDS("says", struct assigned_check, says, 1, CYAML_UNLIMITED),
    CYAML_FIELD_UINT("at-once", MAY_LACK, struct assigned_check, at_once),
    CYAML_FIELD_UINT("runs", MAY_LACK, struct assigned_check, runs),
    WORDS("ignoring", struct assigned_check, ignoring, 1, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t check = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct assigned_check, check_fields)};

static const cyaml_schema_field_t assignment_fields[] = {
    CYAML_FIELD_MAPPING("title", CYAML_FLAG_DEFAULT, struct assignment, title, text_fields),
    WORD("role", struct assignment, conduct.role, roles),
    WORDS("entry", struct assignment, entry, 1, CYAML_UNLIMITED),
    STRING_OR_NOT("build", struct assignment, build),
    MATERIAL(struct assignment),
    MANNER(struct assignment),
    PROGRAMS(struct assignment, program),
    CYAML_FIELD_SEQUENCE("beside", MAY_OVERRIDE, struct assignment, besides, &beside, 1,
                         ASSIGNMENT_BESIDES_MAX),
    CYAML_FIELD_MAPPING_PTR("reference", MAY_OVERRIDE, struct assignment, reference,
                            reference_fields),
    CYAML_FIELD_SEQUENCE("matrix", CYAML_FLAG_POINTER | MAY_LACK, struct assignment, rows, &row, 1,
                         ASSIGNMENT_ROWS_MAX),
    CYAML_FIELD_UINT("port", MAY_LACK, struct assignment, conduct.port),
    WORD("transport", struct assignment, conduct.transport, transports),
    WORD("keyboard", struct assignment, conduct.keyboard, keyboards),
    WORDS("type", struct assignment, conduct.type, 1, CYAML_UNLIMITED),
    CYAML_FIELD_MAPPING("protocol", MAY_LACK, struct assignment, conduct.protocol, protocol_fields),
    STRING_OR_NOT("stop-word", struct assignment, conduct.stop_word),
    STRING_OR_NOT("model", struct assignment, conduct.model),
    STRING_OR_NOT("ends-when", struct assignment, conduct.ends_when),
    WORD("isolation", struct assignment, isolation, isolations),
    CYAML_FIELD_BOOL("without-io-uring", MAY_LACK, struct assignment, without_io_uring),
    CYAML_FIELD_MAPPING("limits", MAY_LACK, struct assignment, limits, limit_fields),
    CYAML_FIELD_FLOAT("points", CYAML_FLAG_DEFAULT, struct assignment, points),
    CYAML_FIELD_SEQUENCE("checks", CYAML_FLAG_POINTER, struct assignment, checks, &check, 1,
                         ASSIGNMENT_CHECKS_MAX),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t assignment_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct assignment, assignment_fields)};
