#include "models/files/export_format.h"

#include "models/files/export_state_dict.h"
#include "models/files/export_torchscript.h"
#include "models/options/choices.h"

namespace digitorch {

const std::vector<ExportFormat>& export_formats() {
  static const std::vector<ExportFormat> table = {
      {"torchscript",
       "runs without this program",
       ".pt",
       export_torchscript,
       torchscript_difference},
      {"state-dict",
       "weights for an equal nn.Module",
       ".state-dict.safetensors",
       export_state_dict,
       state_dict_difference}};
  return table;
}

const ExportFormat& export_format_named(const std::string& name) {
  return row_named(export_formats(), name, "format");
}

}  // namespace digitorch
