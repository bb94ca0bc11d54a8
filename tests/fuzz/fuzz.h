/* What the targets share. A target is one function over bytes: it calls a parser of what comes from
 * outside and aborts where what must always hold does not; the sanitizers do the rest. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "base/bytes.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* The target; libFuzzer calls it, and never twice at a time. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Changes an input, where bytes changed at random would hardly ever be one; libFuzzer calls it. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed);

/* libFuzzer's own change. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);

/* Aborts, with the words, unless it holds. */
void fuzz_expect(int holds, const char *words);

/* Aborts unless it is a sentence for people: on one line, in UTF-8, without control characters.
 * Frees it. */
void fuzz_expect_sentence(char *sentence);

/* The same of a sentence that is cleaned only where it is said (cli/main.c). */
void fuzz_expect_raw_sentence(char *sentence);

/* Aborts if the text holds a control character but tabs and line ends, or is not UTF-8. Releases
 * it. */
void fuzz_expect_clean(struct bytes *text);

#endif
