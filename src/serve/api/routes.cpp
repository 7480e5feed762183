#include "serve/api/routes.hpp"

#include <iterator>

namespace threatlas::serve::api {

Routes all_routes(Service& service) {
    furnish(service);
    Routes all;
    for (Routes each : {region_routes(service), assessment_routes(service), signal_routes(service), observation_routes(service), submission_routes(service), coverage_routes(service), audit_routes(service), report_routes(service)}) all.insert(all.end(), std::make_move_iterator(each.begin()), std::make_move_iterator(each.end()));
    return all;
}

}  // namespace threatlas::serve::api
