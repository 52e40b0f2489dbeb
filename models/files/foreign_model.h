// Model files of other programs, known by their content.
#pragma once

#include <string>
#include <string_view>

namespace digitorch {

/// What a file is that is no digitorch checkpoint, and what its owner can do.
struct ForeignModel {
  std::string what;  ///< "weights saved by Python's torch.save"; or empty.
  std::string hint;  ///< A sentence; may be empty.
};

/// Knows torch.save (also before PyTorch 1.6), torch.export, TorchScript,
/// safetensors without a digitorch checkpoint in them, Keras, ONNX, TensorFlow
/// Lite and GGUF. Nothing in the bytes is executed or unpacked.
ForeignModel foreign_model(std::string_view bytes);

/// Whether the bytes are a ZIP archive with TorchScript's code in it.
bool is_torchscript_archive(std::string_view bytes);

}  // namespace digitorch
