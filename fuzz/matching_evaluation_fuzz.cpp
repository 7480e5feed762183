#include "exchange/matching/hostile.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    static_cast<void>(threatlas::exchange::matching::try_evaluation({data, size}));
    return 0;
}
