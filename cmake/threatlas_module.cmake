# threatlas_module(NAME DEPS a b LIBS x y) declares one room of the house: a static library made of
# every .cpp in the current folder tree, and one test binary made of every *_test.cpp beside them.
# A room may only name rooms declared before it, so the order of add_subdirectory is the layering.
# LIBS are third-party link targets. COMPUTES marks rooms whose loops the tests wait for; the others are not optimised
# in the dev preset, since two cores compile them in less than half the time so. The declared DEPS are written to a file that the include-layer
# test (tests/guard/layers.py) compares with every #include.
set_property(GLOBAL PROPERTY THREATLAS_LAYERS "")

function(threatlas_module NAME)
    cmake_parse_arguments(ARG "COMPUTES" "" "DEPS;LIBS" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.hpp")
    set(tests ${sources})
    list(FILTER sources EXCLUDE REGEX "_test\\.cpp$|/main\\.cpp$")
    list(FILTER headers EXCLUDE REGEX "_test\\.hpp$")
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

    set(target threatlas_${NAME})
    add_library(${target} STATIC ${sources} ${headers})
    target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(${target} PRIVATE threatlas_flags)
    if(NOT ARG_COMPUTES)
        target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O0>)
    endif()
    foreach(dep ${ARG_DEPS})
        if(NOT TARGET threatlas_${dep})
            message(FATAL_ERROR "room '${NAME}' may not depend on '${dep}': that room is not defined before it")
        endif()
        target_link_libraries(${target} PUBLIC threatlas_${dep})
    endforeach()
    target_link_libraries(${target} PUBLIC ${ARG_LIBS})
    set_property(GLOBAL APPEND_STRING PROPERTY THREATLAS_LAYERS "${NAME}: ${ARG_DEPS}\n")

    set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
    target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/src" FILES ${headers})

    if(THREATLAS_TESTS AND tests)
        add_executable(${NAME}_tests ${tests})
        target_link_libraries(${NAME}_tests PRIVATE ${target} threatlas_flags threatlas_testing)
        target_compile_options(${NAME}_tests PRIVATE $<$<CONFIG:Debug>:-O0>)
        # Tests run from the root of the tree and name its files from there: no path of one clone is compiled in, so
        # the compiler cache serves them all.
        target_compile_definitions(${NAME}_tests PRIVATE THREATLAS_SOURCE_DIR=".")
        gtest_discover_tests(${NAME}_tests TEST_PREFIX "${NAME}." DISCOVERY_TIMEOUT 60
                             WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
                             PROPERTIES TIMEOUT 600)
    endif()
endfunction()
