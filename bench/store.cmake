# Included by bench/CMakeLists.txt.
add_executable(store_bench "${CMAKE_CURRENT_LIST_DIR}/store_bench.cpp")
target_link_libraries(store_bench PRIVATE threatlas_store threatlas_flags)
add_executable(postgres_bench "${CMAKE_CURRENT_LIST_DIR}/postgres_bench.cpp")
target_link_libraries(postgres_bench PRIVATE threatlas_store threatlas_flags)
