#include "grader/play/check.h"

void check_result_release(struct check_result *result)
{
    json_decref(result->evidence);
    json_decref(result->timeline);
    json_decref(result->left_out);
    json_decref(result->values);
}
