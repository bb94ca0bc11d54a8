#include "bench/suite/suite_file.h"

#include "text/yaml_form.h"
#include "text/yaml_text.h"

#include <errno.h>
#include <stdlib.h>

#define WHAT "a suite"

#define MAY_LACK CYAML_FLAG_OPTIONAL
#define WORD(key, type, member)                                                                    \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | MAY_LACK, type, member, 0, CYAML_UNLIMITED)
#define WORDS(key, type, member)                                                                   \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | MAY_LACK, type, member, &word, 1, 64)

static const cyaml_schema_value_t word = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED)};

static const cyaml_schema_field_t cell_fields[] = {
    CYAML_FIELD_SEQUENCE("clients", CYAML_FLAG_POINTER, struct cell_file, clients, &word, 1, 64),
    WORDS("size", struct cell_file, size),
    WORDS("depth", struct cell_file, depth),
    WORDS("rate", struct cell_file, rate),
    WORD("protocol", struct cell_file, protocol),
    WORD("requests-per-connection", struct cell_file, requests_per_connection),
    WORD("idle", struct cell_file, idle),
    WORD("slow-readers", struct cell_file, slow_readers),
    WORD("threads", struct cell_file, threads),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t cell = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct cell_file, cell_fields)};

static const cyaml_schema_field_t suite_fields[] = {
    CYAML_FIELD_STRING_PTR("title", CYAML_FLAG_POINTER, struct suite_file, title, 0,
                           CYAML_UNLIMITED),
    WORDS("models", struct suite_file, models),
    WORD("rounds", struct suite_file, rounds),
    WORD("repetitions", struct suite_file, repetitions),
    WORD("slice", struct suite_file, slice),
    CYAML_FIELD_SEQUENCE("cells", CYAML_FLAG_POINTER, struct suite_file, cells, &cell, 1, 64),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct suite_file, suite_fields)};

static const struct yaml_form form = {.what = WHAT, .schema = &schema};

int suite_source_parse(struct suite_source *source, const char *text, size_t count,
                       const char *path, char **trouble)
{
    unsigned line = 1;
    char *sentence =
        yaml_form_load(text, count, &form, &source->document, (void **)&source->file, &line);
    if (sentence == NULL)
        return 0;
    *trouble = yaml_text_place(path, line, sentence);
    free(sentence);
    return -EINVAL;
}

int suite_source_load(struct suite_source *source, const char *path, char **trouble)
{
    size_t count = 0;
    char *text = yaml_text_read(path, WHAT, &count, trouble);
    if (text == NULL)
        return -EINVAL;
    int error = suite_source_parse(source, text, count, path, trouble);
    free(text);
    return error;
}

void suite_source_release(struct suite_source *source)
{
    yaml_form_free(&form, source->file);
    yaml_document_delete(&source->document);
}

unsigned suite_source_line(struct suite_source *source, unsigned cell_number, const char *key)
{
    struct yaml_walk walk = yaml_walk_begin(&source->document);
    if (cell_number > 0) {
        yaml_walk_enter_key(&walk, "cells");
        yaml_walk_enter_entry(&walk, cell_number);
    }
    yaml_walk_enter_key(&walk, key);
    return walk.line;
}
