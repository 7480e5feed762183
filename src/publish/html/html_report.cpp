// The report as one page: HTML that a browser shows and WeasyPrint prints. No request leaves it.
#include "publish/html/page.hpp"

namespace threatlas::publish {

std::string html_report(const assess::Assessment& assessment, const model::Catalogue& catalogue, const ReportOptions& options) {
    html::Page page(assessment, catalogue, options);
    html::front(page);
    html::areas(page);
    html::back(page);
    html::annex(page);
    return page.finish();
}

}  // namespace threatlas::publish
