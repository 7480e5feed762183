// Under valgrind's memcheck, memory never written stands for a secret: a branch or an address that depends on it is reported.
//   secret_paths multiply|map|sum      sum is the control: its weights are public and do decide an address
// Of the portable kernel (valgrind knows no AVX-512); the other has the same formulas, over another field.
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <sodium.h>

#include "exchange/matching/kernel.hpp"

int main(int argc, char** argv) {
    using namespace threatlas::exchange::matching;
    if (sodium_init() < 0 || argc < 2) return 2;
    const std::string_view what = argv[1];
    auto* const secret = static_cast<unsigned char*>(std::malloc(64));   // not written
    unsigned char element[32], out[32];
    crypto_core_ristretto255_random(element);
    const Kernel& kernel = portable_kernel();
    if (what == "multiply") return kernel.multiply(secret, 0, element, 1, out) == 1 ? 0 : 1;
    if (what == "sum") return kernel.sum(secret, element, 1, out) == 1 ? 0 : 1;
    kernel.map_and_multiply(secret, secret, 1, out);
    return 0;
}
