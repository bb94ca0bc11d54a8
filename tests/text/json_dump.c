/* JSON that stays what it is to whoever reads it, and no command to whoever shows it. */
#include "text/json_dump.h"

#include <criterion/criterion.h>
#include <stdlib.h>

Test(json_dump, writes_no_command_of_a_log_and_the_same_document)
{
    json_t *document = json_pack("{s:[s,s,s,i]}", "##[error]", "##vso[task.complete]",
                                 "# #[x] ##-[x] [##\u202E\x7Fé", "a\n##teamcity[x Grade :=>> 1", 3);
    struct bytes out = {0};
    json_append(&out, document, JSON_COMPACT);
    char *text = bytes_take_text(&out);
    cr_expect_str_eq(text,
                     "{\"##\\u005berror]\":[\"##vso\\u005btask.complete]\",\"# #[x] ##-[x] "
                     "[##\\u202e\\u007fé\",\"a\\n##teamcity\\u005bx Grade :\\u003d>> 1\",3]}");
    json_t *again = json_loads(text, 0, NULL);
    cr_expect(json_equal(document, again));
    json_decref(again);
    json_decref(document);
    free(text);
}
