# The translations in po/, as gettext reads them. Without msgfmt proctor speaks English.
set(PROCTOR_LANGUAGES fr de)
find_program(MSGFMT msgfmt)
if(NOT MSGFMT)
    message(STATUS "no msgfmt (gettext): proctor will speak English only")
    return()
endif()

foreach(language ${PROCTOR_LANGUAGES})
    set(source "${PROJECT_SOURCE_DIR}/po/${language}.po")
    set(folder "${PROJECT_BINARY_DIR}/locale/${language}/LC_MESSAGES")
    add_custom_command(
        OUTPUT "${folder}/proctor.mo"
        COMMAND "${CMAKE_COMMAND}" -E make_directory "${folder}"
        COMMAND "${MSGFMT}" --check -o "${folder}/proctor.mo" "${source}"
        DEPENDS "${source}" VERBATIM)
    list(APPEND catalogs "${folder}/proctor.mo")
    install(FILES "${folder}/proctor.mo"
        DESTINATION "${CMAKE_INSTALL_LOCALEDIR}/${language}/LC_MESSAGES")
endforeach()
add_custom_target(catalogs ALL DEPENDS ${catalogs})
