// The result of a complete run in JSON: the content of its result.json.
#pragma once

#include "models/options/json_reader.h"

namespace digitorch {

/// Checks a result of any origin, so that it can be printed without further
/// care: an object with the keys that `train` writes. Throws std::runtime_error
/// naming the key that is not as it should be.
void check_run_result(const JsonReader&);

}  // namespace digitorch
