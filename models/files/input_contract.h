// What an exported network takes, as JSON for those who load it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "models/spec.h"

namespace digitorch {

/// The shape ["N", 1, 28, 28], where N is any number, dtype, range and colours
/// of the pictures, how they are prepared, which of ink and paper is bright,
/// and the normalisation, which the exported network does itself.
nlohmann::json input_contract(const ModelSpec&);

/// The pictures that a contract describes. One without "pictures", as other
/// programs write it, means ink where its shape is ink's. Throws
/// std::runtime_error naming the key that does not fit.
InputFormat format_of_contract(const JsonReader&);

}  // namespace digitorch
