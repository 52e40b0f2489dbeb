#include "models/files/foreign_model.h"

#include "models/files/torchscript_model.h"

namespace digitorch {
namespace {

bool holds(std::string_view bytes, std::string_view part) {
  return bytes.find(part) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> foreign_model(std::string_view bytes) {
  constexpr const char* kExpected =
      "; expected a checkpoint of digitorch, or TorchScript (torch.jit.save) "
      "with class_names.json and input.json inside and --trust-torchscript";
  if (looks_like_torchscript(bytes)) return std::nullopt;
  const bool is_zip = bytes.starts_with("PK\x03\x04");
  if (is_zip && holds(bytes, "/archive_format"))
    return std::string("is a program of torch.export (.pt2)") + kExpected;
  if ((is_zip && holds(bytes, "/data.pkl")) || bytes.starts_with("\x80\x02"))
    return std::string(
               "is what Python's torch.save wrote, such as a state dict (.pth)"
           ) +
           kExpected;
  if (is_zip) return std::string("is a ZIP archive") + kExpected;
  return std::nullopt;
}

}  // namespace digitorch
