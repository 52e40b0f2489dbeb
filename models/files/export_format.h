// The files that `export` makes of a checkpoint: one table, from which the
// option, its help and the command read.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "models/files/checkpoint.h"

namespace digitorch {

struct ExportFormat {
  std::string name;
  std::string help;    ///< See choices.h.
  std::string ending;  ///< Of the file's name, with its dot.
  /// The file's bytes. `checkpoint_sha256`: the SHA-256 of the checkpoint's
  /// file in hex, which the file records.
  std::string (*make)(const Checkpoint&, const std::string& checkpoint_sha256);
  /// The logits of the network in `bytes`, which `make` has just returned, on
  /// the device of the images, which are as Classifier::forward takes them.
  torch::Tensor (*logits
  )(const std::string& bytes, const torch::Tensor& images);
};

/// onnx, torchscript and safetensors.
const std::vector<ExportFormat>& export_formats();

/// Throws std::logic_error where the table has no such name.
const ExportFormat& export_format_named(const std::string& name);

/// How far the answers of an exported network are from those of the original.
struct LogitDifference {
  double absolute;  ///< The largest of any logit.
  /// The same divided by the largest absolute logit of the original, or by 1
  /// where all are smaller: the last bits of a sum grow with what is summed.
  double relative;
};

/// Compares the network in `bytes`, which format.make() has just returned, with
/// the one that they were made of. images: as Classifier::forward takes them,
/// on the device of `original`.
LogitDifference difference_from(
    Classifier& original,
    const ExportFormat& format,
    const std::string& bytes,
    const torch::Tensor& images
);

}  // namespace digitorch
