# The compiler's flags, in one interface target that every library links.
include(CheckCCompilerFlag)

add_library(proctor_flags INTERFACE)
target_include_directories(proctor_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_definitions(proctor_flags INTERFACE _GNU_SOURCE)
target_compile_options(proctor_flags INTERFACE
    -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Wpointer-arith -Wformat=2 -Wvla -fno-common)

if(PROCTOR_WERROR)
    target_compile_options(proctor_flags INTERFACE -Werror)
endif()

if(PROCTOR_SANITIZE)
    target_compile_options(proctor_flags INTERFACE
        -fsanitize=${PROCTOR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(proctor_flags INTERFACE -fsanitize=${PROCTOR_SANITIZE})
endif()

if(PROCTOR_FUZZ AND NOT PROCTOR_COVERAGE)
    target_compile_options(proctor_flags INTERFACE -fsanitize=fuzzer-no-link -w) # others warn
endif()

if(PROCTOR_COVERAGE)
    target_compile_options(proctor_flags INTERFACE -fprofile-instr-generate -fcoverage-mapping)
    target_link_options(proctor_flags INTERFACE -fprofile-instr-generate)
endif()

if(PROCTOR_HARDEN)
    target_compile_options(proctor_flags INTERFACE
        -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
    foreach(flag -fstack-clash-protection -fcf-protection)
        string(MAKE_C_IDENTIFIER "have${flag}" have)
        check_c_compiler_flag(${flag} ${have})
        if(${have})
            target_compile_options(proctor_flags INTERFACE ${flag})
        endif()
    endforeach()
    target_link_options(proctor_flags INTERFACE -Wl,-z,relro -Wl,-z,now)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
    target_link_options(proctor_flags INTERFACE -pie)
endif()
