// Every route of the API, in one list: what the dispatcher serves, the OpenAPI document says and the rights table
// must name.
#pragma once

#include "serve/route.hpp"
#include "serve/service.hpp"

namespace threatlas::serve::api {

Routes all_routes(Service& service);

Routes region_routes(Service& service);
Routes assessment_routes(Service& service);
Routes signal_routes(Service& service);
Routes observation_routes(Service& service);
Routes submission_routes(Service& service);
Routes coverage_routes(Service& service);
Routes audit_routes(Service& service);
Routes report_routes(Service& service);

}  // namespace threatlas::serve::api
