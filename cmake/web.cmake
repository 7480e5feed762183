# The dashboard: built once by web/build for all presets, then embedded in the program. Without THREATLAS_WEB, or
# without the folder, the program says that it has none.
option(THREATLAS_WEB "build the dashboard and embed it" ON)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

set(THREATLAS_WEB_FILES "${CMAKE_BINARY_DIR}/web_files_embedded.cpp")
set(web_dist "${PROJECT_SOURCE_DIR}/web/dist")
set(web_stamp)
if(THREATLAS_WEB AND EXISTS "${PROJECT_SOURCE_DIR}/web/build")
    file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/web/src/*" "${PROJECT_SOURCE_DIR}/web/public/*")
    file(GLOB web_settings CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/web/*.json" "${PROJECT_SOURCE_DIR}/web/*.ts" "${PROJECT_SOURCE_DIR}/web/*.html")
    set(web_stamp "${CMAKE_BINARY_DIR}/web.stamp")
    add_custom_command(OUTPUT "${web_stamp}" COMMAND "${PROJECT_SOURCE_DIR}/web/build" COMMAND ${CMAKE_COMMAND} -E touch "${web_stamp}"
                       DEPENDS ${web_sources} ${web_settings} "${PROJECT_SOURCE_DIR}/web/build" COMMENT "Building the dashboard" VERBATIM USES_TERMINAL)
else()
    set(web_dist "${PROJECT_SOURCE_DIR}/web/dist-none")
endif()
add_custom_command(OUTPUT "${THREATLAS_WEB_FILES}" COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tools/embed_web.py" "${web_dist}" "${THREATLAS_WEB_FILES}"
                   DEPENDS ${web_stamp} "${PROJECT_SOURCE_DIR}/tools/embed_web.py" COMMENT "Embedding the dashboard" VERBATIM)
