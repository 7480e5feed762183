// Any bytes as a setup file of TAXII, in either form; a file it names is the same again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/json.hpp"
#include "work/taxii_setup.hpp"

namespace work = threatlas::work;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto itself = [&](const std::string&) -> threatlas::core::Result<std::string> { return text; };
    const auto read = work::read_taxii_setup(text, "fuzz.json", itself);
    if (!read) {
        if (read.error().message.empty()) std::abort();
        return 0;
    }
    for (const auto& root : read->roots) {
        if (root.path.empty() || root.path.front() != '/' || root.path.back() != '/' || root.max_content_length < 1024) std::abort();
        (void)threatlas::store::well_formed(root);
    }
    for (const auto& each : read->collections) {
        (void)threatlas::store::well_formed(each.collection);
        for (const std::string& object : each.objects)   // handed on as they stand: each whole by itself
            if (const auto value = threatlas::core::parse_json(object, "object"); !value || !value->is_object()) std::abort();
    }
    for (const auto& user : read->users)
        if (!user.certificate.empty() && user.certificate.size() != 64) std::abort();
    return 0;
}
