add_executable(bench_forecast forecast.cpp)
target_link_libraries(bench_forecast PRIVATE threatlas_analyse threatlas_flags)
target_compile_definitions(bench_forecast PRIVATE THREATLAS_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
