/* What stands in braces in the texts of a scene. */
#include "grader/checks/scene_text.h"

#include "grader/protocols/pattern.h"
#include "grader/protocols/token.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct token_source source = {.seed = "seed", .scope = "scene"};

static unsigned a_port(void *context, const struct placeholder *placeholder)
{
    (void)context;
    return placeholder_is_named(placeholder, "bob") ? 9501 : 9500;
}

static const char *a_name(void *context, const struct placeholder *placeholder)
{
    (void)context;
    return placeholder_is_named(placeholder, "bob") ? "hijklmno" : "abcdefgh";
}

static struct bytes fill_with(const char *text, enum text_use use, struct scene_tokens *tokens)
{
    const struct scene_people people = {.tokens = tokens, .port_of = a_port, .who_of = a_name};
    const struct filling filling = scene_filling(&people);
    return text_fill_in(text, use, &filling);
}

static struct bytes fill_in(const char *text, enum text_use use)
{
    struct scene_tokens tokens = {.source = &source};
    struct bytes bytes = fill_with(text, use, &tokens);
    scene_tokens_release(&tokens);
    return bytes;
}

static void expect_filled_in(const char *text, const char *expected, size_t count)
{
    struct bytes bytes = fill_in(text, TEXT_IS_BYTES);
    cr_expect_eq(bytes.length, count, "'%s': %zu bytes instead of %zu", text, bytes.length, count);
    cr_expect_arr_eq(bytes_front(&bytes), expected, count);
    bytes_release(&bytes);
}

#define EXPECT_FILLED_IN(text, literal) expect_filled_in(text, literal, sizeof(literal) - 1)

Test(scene_text, has_bytes_of_any_value_and_number, .timeout = 10)
{
    EXPECT_FILLED_IN("a{hex:00}b", "a\0b");
    EXPECT_FILLED_IN("{hex:00FF7b7D}", "\0\xff{}");
    EXPECT_FILLED_IN("{hex:000102030405060708090a0b0c0d0e0f1011121314151617}",
                     "\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20\21\22\23\24\25\26\27");
    EXPECT_FILLED_IN("{ {1} {port:bob} {port:ann}", "{ {1} 9501 9500");
    EXPECT_FILLED_IN("{who} {who:bob}", "abcdefgh hijklmno");
}

/* However many there are, and however long their names. */
Test(scene_text, has_one_token_for_one_name, .timeout = 10)
{
    struct bytes text = {0};
    struct scene_tokens tokens = {.source = &source};
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 40; i++)
            bytes_print(&text, "{token:a-name-of-more-than-thirty-letters-%d}", i);
    char *template = bytes_take_text(&text);
    struct bytes words = fill_with(template, TEXT_IS_BYTES, &tokens);
    cr_expect_eq(tokens.count, 40);
    cr_assert_eq(words.length % 2, 0);
    cr_expect_arr_eq(bytes_front(&words), bytes_front(&words) + words.length / 2, words.length / 2);
    bytes_release(&words);
    scene_tokens_release(&tokens);
    free(template);
}

static bool matches(const char *pattern, const char *bytes, size_t count)
{
    regex_t compiled;
    struct bytes filled_in = fill_in(pattern, TEXT_IS_PATTERN);
    cr_assert_null(pattern_compile(&compiled, &filled_in));
    regmatch_t match = {.rm_so = 0, .rm_eo = (regoff_t)count};
    bool is_match = regexec(&compiled, bytes, 1, &match, REG_STARTEND) == 0;
    regfree(&compiled);
    bytes_release(&filled_in);
    return is_match;
}

#define MATCHES(pattern, literal) matches(pattern, literal, sizeof(literal) - 1)

Test(scene_text, may_be_a_pattern_of_any_bytes, .timeout = 10)
{
    cr_expect(MATCHES("^{hex:410043}$", "A\0C"));
    cr_expect_not(MATCHES("{hex:410044}", "A\0C"));
    cr_expect_not(MATCHES("{hex:00}", "ab"));
    cr_expect(MATCHES("^A.C$", "A\0C"));
    cr_expect(MATCHES("^A{hex:00}+C$", "A\0\0\0C"));
    cr_expect(MATCHES("^[{hex:00}-{hex:1f}]+$", "\0\1"));
    cr_expect(MATCHES("", ""));
}

/* Bytes mean themselves; lines are what they are to regcomp(). */
Test(scene_text, means_nothing_else_in_a_pattern, .timeout = 10)
{
    cr_expect(MATCHES("^{hex:2e2a5b5d287c29}$", ".*[](|)"));
    cr_expect_not(MATCHES("^{hex:2e}$", "x"));
    cr_expect(MATCHES("^two$", "one\ntwo\nthree"));
    cr_expect_not(MATCHES("one.two", "one\ntwo"));
    cr_expect_not(MATCHES("one[^x]two", "one\ntwo"));
    cr_expect(MATCHES("(a|b){2}", "xab"));
}

Test(scene_text, says_what_is_wrong_with_a_pattern, .timeout = 10)
{
    regex_t compiled;
    struct bytes pattern = fill_in("a(b", TEXT_IS_PATTERN);
    cr_expect_str_eq(pattern_compile(&compiled, &pattern), "Unmatched ( or \\(");
    bytes_release(&pattern);
}
