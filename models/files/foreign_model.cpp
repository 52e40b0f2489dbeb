#include "models/files/foreign_model.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace digitorch {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMaxEntries = 10000;

uint64_t little(std::string_view bytes, std::size_t at, std::size_t count) {
  uint64_t value = 0;
  if (at > bytes.size() || count > bytes.size() - at) return 0;
  for (std::size_t i = count; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// The names in a ZIP archive, from the directory at its end (PKWARE,
/// "APPNOTE", 4.3.12 and 4.3.16); none where that is damaged.
std::vector<std::string_view> zip_names(std::string_view bytes) {
  std::vector<std::string_view> names;
  const std::size_t end = bytes.rfind("PK\5\6"sv);
  if (end == std::string_view::npos) return names;
  uint64_t at = little(bytes, end + 16, 4);
  while (names.size() < kMaxEntries && at + 46 <= bytes.size() &&
         bytes.substr(at, 4) == "PK\1\2"sv) {
    const uint64_t name_size = little(bytes, at + 28, 2);
    names.push_back(bytes.substr(at + 46, name_size));
    at +=
        46 + name_size + little(bytes, at + 30, 2) + little(bytes, at + 32, 2);
  }
  return names;
}

bool any_name(
    const std::vector<std::string_view>& names, std::string_view part
) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return name.find(part) != std::string_view::npos;
  });
}

ForeignModel torch_save() {
  return {
      "a state dict or module that Python's torch.save wrote, which describes "
      "no network",
      "In Python, load it into its module; then "
      "safetensors.torch.save_file(module.state_dict(), FILE) makes weights "
      "for 'digitorch import', and torch.jit.script(module).save(FILE) a model "
      "for --trust-torchscript with --classes"};
}

ForeignModel in_zip(std::string_view bytes) {
  const std::vector<std::string_view> names = zip_names(bytes);
  if (any_name(names, "archive_format") ||
      any_name(names, "serialized_exported_program"))
    return {
        "a program that Python's torch.export wrote (.pt2)",
        "In Python, save its weights by safetensors.torch.save_file for "
        "'digitorch import', or the module by torch.jit for "
        "--trust-torchscript with --classes"};
  if (any_name(names, "/code/"))
    return {
        "TorchScript, which is code",
        "eval, classify and serve take it with --trust-torchscript"};
  if (any_name(names, "data.pkl")) return torch_save();
  if (any_name(names, "model.weights.h5")) return {"a model of Keras", ""};
  return {"a ZIP archive, as TorchScript and torch.save make", ""};
}

bool is_safetensors(std::string_view bytes) {
  const uint64_t header = little(bytes, 0, 8);
  return bytes.size() > 10 && header >= 2 && header <= bytes.size() - 8 &&
         bytes[8] == '{';
}

/// ONNX is a protocol buffer without a signature. Its first fields are its
/// version, a small number, and the name of the program that wrote it.
bool is_onnx(std::string_view bytes) {
  constexpr char kVersionField = 0x08;
  constexpr char kProducerField = 0x12;
  if (bytes.size() < 5 || bytes[0] != kVersionField ||
      bytes[2] != kProducerField || little(bytes, 1, 1) > 30)
    return false;
  const std::string_view producer = bytes.substr(4, little(bytes, 3, 1));
  return !producer.empty() &&
         std::all_of(producer.begin(), producer.end(), [](char c) {
           return c >= ' ' && c <= '~';
         });
}

}  // namespace

bool is_torchscript_archive(std::string_view bytes) {
  if (!bytes.starts_with("PK\3\4"sv)) return false;
  const std::vector<std::string_view> names = zip_names(bytes);
  return any_name(names, "/code/") && !any_name(names, "archive_format");
}

ForeignModel foreign_model(std::string_view bytes) {
  if (bytes.starts_with("PK\3\4"sv)) return in_zip(bytes);
  // A pickle of the number 0x1950a86a20f9469cfc6c, as torch.save began before
  // PyTorch 1.6, and of anything else.
  if (bytes.starts_with("\x80\x02"sv) || bytes.starts_with("\x80\x03"sv) ||
      bytes.starts_with("\x80\x04"sv) || bytes.starts_with("\x80\x05"sv))
    return torch_save();
  if (bytes.starts_with("\x89HDF\r\n\x1a\n"sv))
    return {"an HDF5 file, as Keras writes", ""};
  if (bytes.substr(0, 8).ends_with("TFL3"sv) && bytes.size() > 8)
    return {"a model of TensorFlow Lite", ""};
  if (bytes.starts_with("GGUF"sv)) return {"a model in GGUF", ""};
  if (is_onnx(bytes)) return {"a model in ONNX", ""};
  constexpr std::string_view kOwn = "digitorch checkpoint";
  if (is_safetensors(bytes) &&
      bytes.substr(8, little(bytes, 0, 8)).find(kOwn) == std::string_view::npos)
    return {
        "safetensors that hold weights but describe no network",
        "'digitorch import --weights FILE' makes a checkpoint of them"};
  return {};
}

}  // namespace digitorch
