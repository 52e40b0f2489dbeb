// Pages made of a template and values.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace digitorch {

/// Fills a Mustache template. Numbers in `values` become text as JSON writes
/// them, null and false leave a section out, and bytes that are not UTF-8
/// become U+FFFD. Throws std::logic_error for a template that cannot be read.
std::string fill_template(
    const std::string& text, const nlohmann::json& values
);

}  // namespace digitorch
