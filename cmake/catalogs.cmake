# The translations in po/, as base/language.c takes them in. Without msgfmt proctor speaks English.
find_program(MSGFMT msgfmt)
if(NOT MSGFMT)
    message(STATUS "no msgfmt (gettext): proctor will speak English only")
    return()
endif()

set(PROCTOR_CATALOGS "${PROJECT_BINARY_DIR}/catalogs")
set(PROCTOR_CATALOG_FILES)
file(MAKE_DIRECTORY "${PROCTOR_CATALOGS}")
foreach(language fr de)
    set(source "${PROJECT_SOURCE_DIR}/po/${language}.po")
    set(catalog "${PROCTOR_CATALOGS}/${language}.mo")
    add_custom_command(
        OUTPUT "${catalog}"
        COMMAND "${MSGFMT}" --check --endianness=little -o "${catalog}" "${source}"
        DEPENDS "${source}" VERBATIM)
    list(APPEND PROCTOR_CATALOG_FILES "${catalog}")
endforeach()
add_custom_target(catalogs DEPENDS ${PROCTOR_CATALOG_FILES})
