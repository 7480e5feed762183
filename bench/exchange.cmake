# Included by bench/CMakeLists.txt.
add_executable(exchange_bench "${CMAKE_CURRENT_LIST_DIR}/exchange.cpp")
target_link_libraries(exchange_bench PRIVATE threatlas_exchange threatlas_flags)
