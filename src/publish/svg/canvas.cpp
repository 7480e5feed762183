#include "publish/svg/canvas.hpp"

#include "publish/format.hpp"

namespace threatlas::publish::svg {
namespace {

std::string n(double value) {
    std::string text = fixed(value, 2);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string attribute(const char* name, std::string_view value) { return " " + std::string(name) + "=\"" + escape(value) + "\""; }
std::string attribute(const char* name, double value) { return " " + std::string(name) + "=\"" + n(value) + "\""; }

}  // namespace

Canvas::Canvas(double width, double height, const std::string& title, const std::string& description) {
    out_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 " + n(width) + " " + n(height) + "\"" + attribute("width", width) + attribute("height", height) +
           " font-family=\"Inter, 'Noto Sans', sans-serif\"><title>" + escape(title) + "</title><desc>" + escape(description) + "</desc>";
}

void Canvas::rect(double x, double y, double width, double height, std::string_view fill, double radius, std::string_view extra) {
    out_ += "<rect" + attribute("x", x) + attribute("y", y) + attribute("width", width < 0 ? 0 : width) + attribute("height", height) + attribute("fill", fill);
    if (radius > 0) out_ += attribute("rx", radius);
    out_ += " " + std::string(extra) + "/>";
}

void Canvas::line(double x1, double y1, double x2, double y2, std::string_view stroke, double width, std::string_view extra) {
    out_ += "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) + attribute("stroke", stroke) + attribute("stroke-width", width) + " " + std::string(extra) + "/>";
}

void Canvas::circle(double x, double y, double radius, std::string_view fill) { out_ += "<circle" + attribute("cx", x) + attribute("cy", y) + attribute("r", radius) + attribute("fill", fill) + "/>"; }

void Canvas::path(std::string_view d, std::string_view fill, std::string_view stroke, double width, std::string_view extra) {
    out_ += "<path" + attribute("d", d) + attribute("fill", fill) + attribute("stroke", stroke) + attribute("stroke-width", width) + " " + std::string(extra) + "/>";
}

void Canvas::text(double x, double y, std::string_view words, const Text& style) {
    out_ += "<text" + attribute("x", x) + attribute("y", y) + attribute("font-size", style.size) + attribute("fill", style.fill);
    if (style.anchor != "start") out_ += attribute("text-anchor", style.anchor);
    if (style.bold) out_ += " font-weight=\"600\"";
    out_ += ">" + escape(words) + "</text>";
}

void Canvas::open_link(std::string_view evidence) { out_ += "<a class=\"ev\" href=\"#" + escape(evidence) + "\" data-ev=\"" + escape(evidence) + "\">"; }
void Canvas::close_link() { out_ += "</a>"; }

std::string Canvas::finish() { return out_ + "</svg>"; }

double text_width(std::string_view utf8, double size) {
    double width = 0;
    for (const char each : utf8) {
        const auto c = static_cast<unsigned char>(each);
        if ((c & 0xC0) == 0x80) continue;
        if (c == 'i' || c == 'l' || c == 'j' || c == '.' || c == ',' || c == '\'' || c == 'I' || c == '|') width += 0.28;
        else if (c == 't' || c == 'f' || c == 'r' || c == ' ' || c == '(' || c == ')' || c == '-') width += 0.37;
        else if (c == 'm' || c == 'w' || c == 'M' || c == 'W') width += 0.88;
        else if (c >= 'A' && c <= 'Z') width += 0.68;
        else width += 0.59;
    }
    return width * size;
}

std::string fit(std::string_view utf8, double size, double width) {
    if (text_width(utf8, size) <= width) return std::string(utf8);
    std::string out(utf8);
    while (!out.empty() && text_width(out, size) + 0.8 * size > width) {
        do out.pop_back();
        while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80);
        if (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0xC0) out.pop_back();
    }
    return out + "…";
}

}  // namespace threatlas::publish::svg
