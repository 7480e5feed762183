#include "exchange/stix/ids.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace threatlas::exchange::stix {
namespace {

// The name of Threatlas in the namespace of URLs; never changed, or every id would be another.
const boost::uuids::uuid& space() {
    static const boost::uuids::uuid it = boost::uuids::name_generator_sha1(boost::uuids::ns::url())("urn:threatlas:stix");
    return it;
}

}  // namespace

std::string uuid_of(std::string_view name) { return boost::uuids::to_string(boost::uuids::name_generator_sha1(space())(name.data(), name.size())); }

std::string id_of(std::string_view type, std::string_view key) { return std::string(type) + "--" + uuid_of(std::string(type) + "/" + std::string(key)); }

}  // namespace threatlas::exchange::stix
