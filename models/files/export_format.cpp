#include "models/files/export_format.h"

#include <algorithm>

#include "models/files/export_onnx.h"
#include "models/files/export_state_dict.h"
#include "models/files/export_torchscript.h"
#include "models/files/onnx_logits.h"
#include "models/options/choices.h"

namespace digitorch {

const std::vector<ExportFormat>& export_formats() {
  static const std::vector<ExportFormat> table = {
      {"onnx",
       "for ONNX Runtime, OpenCV, browsers and others",
       ".onnx",
       {".onnx"},
       export_onnx,
       onnx_logits},
      {"torchscript",
       "runs without this program",
       ".pt",
       {".pt", ".pth", ".ts"},
       export_torchscript,
       torchscript_logits},
      {"safetensors",
       "weights for an equal nn.Module",
       ".state-dict.safetensors",
       {".safetensors"},
       export_state_dict,
       state_dict_logits}};
  return table;
}

const ExportFormat& export_format_named(const std::string& name) {
  return row_named(export_formats(), name, "format");
}

LogitDifference difference_from(
    Classifier& original,
    const ExportFormat& format,
    const std::string& bytes,
    const torch::Tensor& images
) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor expected = original.forward(images);
  const auto largest = [](const torch::Tensor& values) {
    return values.abs().max().item<double>();
  };
  const double absolute = largest(format.logits(bytes, images) - expected);
  return {absolute, absolute / std::max(1.0, largest(expected))};
}

}  // namespace digitorch
