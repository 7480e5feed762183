#include <sodium.h>

#include <cstdlib>
#include <string_view>

#include "exchange/matching/field_portable.hpp"
#include "exchange/matching/kernel_loops.hpp"

namespace threatlas::exchange::matching {

void wipe(void* secret, std::size_t bytes) { sodium_memzero(secret, bytes); }

const Kernel& portable_kernel() {
    using L = Loops<FieldPortable>;
    static const Kernel it{"portable", L::multiply, L::map_and_multiply, L::check, L::sum};
    return it;
}

const Kernel& best_kernel() {
    static const Kernel& it = [] () -> const Kernel& {
        const char* wanted = std::getenv("THREATLAS_KERNEL");
        const Kernel* lanes = wanted != nullptr && std::string_view(wanted) == "portable" ? nullptr : ifma_kernel();
        return lanes != nullptr ? *lanes : portable_kernel();
    }();
    return it;
}

}  // namespace threatlas::exchange::matching
