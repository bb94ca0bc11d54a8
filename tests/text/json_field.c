/* Fields of documents that others have written. */
#include "text/json_field.h"

#include <criterion/criterion.h>
#include <math.h>

Test(json_field, gives_what_is_there_and_of_its_kind)
{
    json_t *object = json_pack("{s:s, s:f, s:i, s:[s, i, s]}", "word", "pass", "number", 2.5,
                               "count", 3, "list", "one", 7, "other");
    cr_expect_str_eq(field_text(object, "word"), "pass");
    cr_expect(field_number(object, "number", NAN) == 2.5);
    cr_expect(field_number(object, "count", 0) == 3);
    cr_expect(field_is_word(object, "word", "pass"));
    cr_expect(list_has_word(json_object_get(object, "list"), "other"));
    json_decref(object);
}

Test(json_field, has_an_answer_to_all_else)
{
    json_t *object = json_pack("{s:s, s:n, s:i}", "word", "pass", "null", "count", 3);
    cr_expect_null(field_text(object, "count"));
    cr_expect_null(field_text(object, "null"));
    cr_expect_null(field_text(NULL, "word"));
    cr_expect(isnan(field_number(object, "word", NAN)));
    cr_expect(field_number(object, "missing", 1) == 1);
    cr_expect_not(field_is_word(object, "word", "fail"));
    cr_expect_not(field_is_word(object, "count", "3"));
    cr_expect_not(list_has_word(object, "pass"));
    json_decref(object);
}
