# The commit that a build was made from, and its day; "unknown" where there is no git.
execute_process(
    COMMAND git -C "${PROJECT_SOURCE_DIR}" rev-parse --short=12 HEAD
    OUTPUT_VARIABLE PROCTOR_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
    RESULT_VARIABLE no_commit)
execute_process(
    COMMAND git -C "${PROJECT_SOURCE_DIR}" show --no-patch --format=%cs HEAD
    OUTPUT_VARIABLE PROCTOR_DATE OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(no_commit)
    set(PROCTOR_COMMIT unknown)
endif()
