// A small SVG canvas: absolute coordinates, text measured by a width table of the report's type.
#pragma once

#include <string>
#include <string_view>

namespace threatlas::publish::svg {

// The colours of docs: one accent, ink, muted, ground, rules; measured and judged always with a second sign.
namespace colour {
inline constexpr std::string_view accent = "#1f5fbf", band = "#b9caea", ink = "#1b2330", muted = "#6b7585", ground = "#f5f7fa", rule = "#e3e7ed", measured = "#0a7d4b", judged = "#c9741a", rising = "#b3261e", dark = "#454d5c";
}

struct Text {
    double size = 12;
    std::string_view fill = colour::ink;
    std::string_view anchor = "start";  // start, middle, end
    bool bold = false;
};

class Canvas {
  public:
    // title and description are read out by screen readers.
    Canvas(double width, double height, const std::string& title, const std::string& description);
    void rect(double x, double y, double width, double height, std::string_view fill, double radius = 0, std::string_view extra = "");
    void line(double x1, double y1, double x2, double y2, std::string_view stroke, double width = 1, std::string_view extra = "");
    void circle(double x, double y, double radius, std::string_view fill);
    void path(std::string_view d, std::string_view fill, std::string_view stroke, double width = 1, std::string_view extra = "");
    void text(double x, double y, std::string_view words, const Text& style = {});
    // A figure's anchor: everything until close() opens the evidence id.
    void open_link(std::string_view evidence);
    void close_link();
    std::string finish();

  private:
    std::string out_;
};

double text_width(std::string_view utf8, double size);
// Cut to a width, with an ellipsis.
std::string fit(std::string_view utf8, double size, double width);

}  // namespace threatlas::publish::svg
