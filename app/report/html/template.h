// Mustache templates.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace digitorch {

/// Fills a Mustache template. Numbers in `values` are written as in JSON, null
/// and false omit a section, and bytes that are not UTF-8 become \xNN. Throws
/// std::logic_error for a template that is not valid.
std::string fill_template(
    const std::string& text, const nlohmann::json& values
);

}  // namespace digitorch
