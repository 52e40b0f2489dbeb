#include "models/files/input_contract.h"

#include <nlohmann/json.hpp>

namespace digitorch {

nlohmann::json input_contract(const ModelSpec& spec) {
  return {
      {"shape", {"N", 1, kInputSide, kInputSide}},
      {"dtype", "float32"},
      {"range", {0, 1}},
      {"ink", "bright on black"},
      {"normalisation",
       {{"inside_the_model", true},
        {"mean", spec.mean},
        {"deviation", spec.std_dev}}}};
}

}  // namespace digitorch
