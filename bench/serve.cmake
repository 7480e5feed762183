# Included by bench/CMakeLists.txt.
add_executable(bench_serve serve.cpp)
target_link_libraries(bench_serve PRIVATE threatlas_serve threatlas_flags)
