/* Values of an assignment: what is drawn, and what is computed from it. */
#include "grader/protocols/token.h"
#include "grader/protocols/value.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* {who} is known, and the port of anybody. */
static bool fill_others(void *context, const struct placeholder *placeholder, struct bytes *out)
{
    (void)context;
    if (placeholder_is(placeholder, "port"))
        bytes_print(out, "9500");
    else if (placeholder_is(placeholder, "who"))
        bytes_print(out, "abcdefgh");
    return placeholder_is(placeholder, "port") || placeholder_is(placeholder, "who");
}

static const struct filling others = {.fill = fill_others};

static bool fill(void *context, const struct placeholder *placeholder, struct bytes *out)
{
    return values_fill(context, placeholder, &others, out);
}

/* What `text` is once `drawn` has been drawn from this seed. */
static struct bytes filled(const char *drawn, const char *text, const char *seed)
{
    struct values values = {0};
    struct token_source source = {.seed = seed, .scope = "check"};
    values_draw(&values, &source, drawn);
    const struct filling filling = {.fill = fill, .context = &values};
    struct bytes bytes = text_fill_in(text, TEXT_IS_BYTES, &filling);
    values_release(&values);
    return bytes;
}

static void expect_filled(const char *drawn, const char *text, const char *expected, size_t count)
{
    struct bytes bytes = filled(drawn, text, "seed");
    cr_expect_eq(bytes.length, count, "'%s': %zu bytes instead of %zu", text, bytes.length, count);
    cr_expect_arr_eq(bytes_front(&bytes), expected, count, "%s: %.*s", text, (int)bytes.length,
                     bytes_front(&bytes));
    bytes_release(&bytes);
}

#define A_IS_7                "{number:a,7,7}{number:b,-3,-3}{word:w,12}"
#define EXPECT(text, literal) expect_filled(A_IS_7, text, literal, sizeof(literal) - 1)

Test(values, are_computed, .timeout = 10)
{
    EXPECT("{number:a} {number:b}", "7 -3");
    EXPECT("{=a+b*2} {=(a+b)*2} {= - a - - b }", "1 8 -10");
    EXPECT("{=a/b} {=-a/2} {=a/2*2} {=a-b-1}", "-2 -3 6 9");
    EXPECT("{=length(w)} {=length(a)} {=length(b)} {=length(who)} {=port(bob)+1}", "12 1 2 8 9501");
    EXPECT("{u8:a}{u16:a*256+b}{u32:b}{u8:255}", "\7\6\375\377\377\377\375\377");
    EXPECT("{u32:4294967295}{u8:0}{u16:length(w)}", "\377\377\377\377\0\0\14");
    EXPECT("{a=} { =a} {=a", "{a=} { =a} {=a");
    expect_filled("{u32:c,5,5}{u8:d,-1,-1}", "{u32:c,5,5}{u8:d,-1,-1}{u16:c}{number:d}",
                  "\0\0\0\5\377\0\5-1", 9);
}

Test(values, are_the_same_of_one_seed, .timeout = 10)
{
#define DRAWN "{number:a,-9999,9999} {word:w,40} {number:b,0,1000000000000000}"
    struct bytes one = filled(DRAWN, DRAWN, "seed");
    struct bytes same = filled(DRAWN, "{number:a} {word:w} {number:b}", "seed");
    struct bytes other = filled(DRAWN, DRAWN, "another seed");
    cr_expect(one.length == same.length &&
              memcmp(bytes_front(&one), bytes_front(&same), one.length) == 0);
    cr_expect(one.length != other.length ||
              memcmp(bytes_front(&one), bytes_front(&other), one.length) != 0);
    bytes_release(&one);
    bytes_release(&same);
    bytes_release(&other);
}

Test(values, fill_their_range, .timeout = 10)
{
    struct token_source source = {.seed = "seed", .scope = "check"};
    bool seen[5] = {false};
    for (int i = 0; i < 200; i++) {
        int64_t number = token_choose_number(&source, -2, 2);
        cr_assert(number >= -2 && number <= 2);
        seen[number + 2] = true;
    }
    for (int i = 0; i < 5; i++)
        cr_expect(seen[i], "%d never", i - 2);
    (void)token_choose_number(&source, INT64_MIN, INT64_MAX);
}

/* Those of a scene are looked for first, and those of the whole grading after that. */
Test(values, know_the_outer_ones, .timeout = 10)
{
    struct values outer = {0};
    struct token_source source = {.seed = "seed", .scope = "/"};
    values_draw(&outer, &source, "{number:a,7,7}");
    struct values values = {.outer = &outer};
    values_draw(&values, &source, "{number:b,2,2}");
    const struct filling filling = values_filling(&values);
    const struct filling none = values_filling(NULL);
    struct bytes bytes = text_fill_in("{=a*b}{who}", TEXT_IS_BYTES, &filling);
    struct bytes same = text_fill_in("{=a*b}{hex:41}", TEXT_IS_BYTES, &none);
    cr_expect_arr_eq(bytes_front(&bytes), "14{who}", 7);
    cr_expect_arr_eq(bytes_front(&same), "{=a*b}A", 7);
    char *trouble = values_declare(&values, "{word:a,3}");
    cr_expect_str_eq(trouble, "'a' is drawn twice; {number:a} repeats it");
    json_t *described = values_describe(&values);
    cr_expect_eq(json_object_size(described), 1);
    json_decref(described);
    free(trouble);
    bytes_release(&bytes);
    bytes_release(&same);
    values_release(&values);
    values_release(&outer);
}

/* Of the text, which draws for itself. */
static void expect_refused(const char *text, const char *why)
{
    struct values values = {0};
    struct placeholder placeholder;
    char *trouble = values_declare(&values, text);
    for (const char *at = text; trouble == NULL && placeholder_find(at, &placeholder);
         at = placeholder.begin + placeholder.length)
        if (placeholder_is_value(&placeholder))
            trouble = values_refuse(&values, &placeholder, &others);
    values_release(&values);
    if (why == NULL)
        cr_expect_null(trouble, "%s: %s", text, trouble);
    else
        cr_expect(trouble != NULL && strstr(trouble, why) != NULL, "%s: %s", text, trouble);
    free(trouble);
}

Test(values, are_checked_with_all_that_they_can_be, .timeout = 10)
{
    expect_refused("{number:a,1,5}{=10/a}", NULL);
    expect_refused("{number:a,-1,5}{=10/a}", "what is divided by can be 0");
    expect_refused("{number:a,0,255}{u8:a}", NULL);
    expect_refused("{number:a,-128,0}{u8:a}", NULL);
    expect_refused("{number:a,0,256}{u8:a}", "it can be 0 to 256, which 8 bits cannot hold");
    expect_refused("{number:a,-129,0}{u8:a}", "8 bits");
    expect_refused("{number:a,100,999}{=1/(length(a)-2)}", NULL);
    expect_refused("{number:a,99,100}{=1/(length(a)-2)}", "can be 0");
    expect_refused("{number:a,-1,12}{u8:255+length(a)-2}", NULL);
    expect_refused("{u16:port(bob)}", NULL);
    expect_refused("{u16:port(bob)+1}", "it can be 2 to 65536");
    expect_refused("{number:a,0,1000000000000000}{=a*a}", "beyond 64 bits");
    expect_refused("{=9223372036854775808}", "beyond 64 bits");
    expect_refused("{=a}", "no number 'a' is drawn; write {number:a,LEAST,MOST} once");
    expect_refused("{word:w,3}{=w+1}", "'w' is a word, not a number; length(w) is one");
    expect_refused("{=size(w)}", "'size' is unknown");
    expect_refused("{=length(nobody)}", "there is no 'nobody'");
    expect_refused("{=1+}", "a number is missing at its end");
    expect_refused("{=(1+2}", "a ')' is missing");
    expect_refused("{=1 2}", "'2' is not understood");
    expect_refused("{=}", "a number is missing");
    expect_refused("{=((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))}",
                   "nest");
    expect_refused("{u8:a,0,256}", "it can be 0 to 256, which 8 bits cannot hold");
    expect_refused("{u32:a,1}", "write {u32:NAME,LEAST,MOST}");
    expect_refused("{u32:a,1,2}{u32:a,1,2}", "'a' is drawn twice; {u32:a} repeats it");
    expect_refused("{u32:a,1,2}{u16:a+1}{number:a}", NULL);
    expect_refused("{=a,1,2}", "no number 'a'");
    expect_refused("{number:a,5,1}", "larger than the most");
    expect_refused("{number:a,1}", "write {number:NAME,LEAST,MOST}");
    expect_refused("{number:a,1,2,3}", "write {number:NAME,LEAST,MOST}");
    expect_refused("{number:a b,1,2}", "'a b' is no name");
    expect_refused("{word:w,0}", "1 to 1000 letters, not 0");
    expect_refused("{word:w,x}", "write {word:NAME,LENGTH}");
    expect_refused("{number:a,1,2}{word:a,2}", "'a' is drawn twice");
    expect_refused("{word:w}", "'w' is not drawn; write {word:NAME,LENGTH} once");
    expect_refused("{number:a,1,2}{word:a}", "'a' is a number; {number:a} repeats it");
}
