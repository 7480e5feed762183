#include "serve/api/routes.hpp"

#include <iterator>

namespace threatlas::serve::api {

Routes all_routes(Service& service) {
    Routes all;
    for (Routes each : {region_routes(service), assessment_routes(service), signal_routes(service)}) all.insert(all.end(), std::make_move_iterator(each.begin()), std::make_move_iterator(each.end()));
    return all;
}

}  // namespace threatlas::serve::api
