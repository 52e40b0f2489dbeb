// What an exported network takes, as JSON for those who load it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "models/spec.h"

namespace digitorch {

/// The shape ["N", 1, 28, 28], where N is any number, dtype and range of the
/// pictures, which of ink and paper is bright, and the normalisation, which the
/// exported network does itself.
nlohmann::json input_contract(const ModelSpec&);

}  // namespace digitorch
